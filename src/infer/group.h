/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_GROUP_H
#define INFER_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/verdict.h>

/*
 * The verdict of a group: a network is a group of blocks, a target is a group of networks. A
 * member that has never answered (unknown, never-seen) is counted, but excluded from the
 * verdict.
 */
struct group {
	/* Members: blocks of a network, networks of a target. */
	uint32_t by_verdict[BW_VERDICTS]; /* by enum bw_verdict */
	uint32_t never_seen;              /* unknown members that are excluded */
	uint32_t lost;                    /* unknown members that were dark when last known */
	uint32_t by_reason[BW_REASONS];   /* unknown members by index of enum bw_reason */
	/* The blocks in it. Of a network they are its members. */
	struct group_blocks {
		uint32_t by_verdict[BW_BLOCK_VERDICTS];
		uint32_t never_seen;
		uint32_t lost;
	} blocks;
};

/*
 * Stands beside the reasons of a block that is unknown now and was dark by its last event. It is
 * neither dark nor back.
 */
#define GROUP_WAS_DARK (1U << 31)

/* Up to this many members that are known, a sum is partly dark as soon as one member is dark. */
#define GROUP_FEW 20

/* A sum is partly dark from this share of its known blocks on: one of so many. */
#define GROUP_PART 20

/* Whether a member that is unknown for these reasons is excluded from the verdict. */
bool group_excludes(unsigned reasons);

/* Adds a block. REASONS: of unknown, a set of enum bw_reason, and GROUP_WAS_DARK. */
void group_add(struct group *group, enum bw_verdict verdict, unsigned reasons);

/* Removes a block that was added with the same arguments. */
void group_remove(struct group *group, enum bw_verdict verdict, unsigned reasons);

/* The same for a member that is a group itself. */
void group_add_group(struct group *group, const struct group *member);
void group_remove_group(struct group *group, const struct group *member);

/* Its members; its blocks. */
uint32_t group_total(const struct group *group);
uint32_t group_total_blocks(const struct group *group);

/* Whether so many of its known blocks are dark that it is partly dark for that alone. */
bool group_has_dark_part(const struct group *group);

/*
 * What is known of it just now. Dark if a block is dark and all others that are not excluded are,
 * or are unknown and were dark when last known. Partly dark if any of up to GROUP_FEW members that
 * are not excluded is dark, or every GROUP_PART-th such block. Unknown if it would be partly dark
 * if all that was dark when last known still were. Else up if any block is up; else flapping if
 * any is; else unknown.
 */
enum bw_verdict group_verdict(const struct group *group);

/*
 * What its events say: the same, but what was dark when last known counts as dark, because that it
 * cannot be told now is no event. Unknown if nothing is known of any block just now.
 */
enum bw_verdict group_verdict_held(const struct group *group);

/* Why it is unknown: the reasons of its members; never-seen only if it holds for all. */
unsigned group_reasons(const struct group *group);

#endif
