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
	uint32_t by_verdict[BW_VERDICTS]; /* members by enum bw_verdict */
	uint32_t never_seen;              /* unknown members that are excluded */
	uint32_t by_reason[BW_REASONS];   /* unknown members by index of enum bw_reason */
};

/* Whether a member that is unknown for these reasons is excluded from the verdict. */
bool group_excludes(unsigned reasons);

/* Adds a member. REASONS: of unknown, a set of enum bw_reason. */
void group_add(struct group *group, enum bw_verdict verdict, unsigned reasons);

/* Removes a member that was added with the same arguments. */
void group_remove(struct group *group, enum bw_verdict verdict, unsigned reasons);

uint32_t group_total(const struct group *group);

/*
 * Up if any member is up; else flapping if any is; else dark if every member that is not
 * excluded is dark; else unknown.
 */
enum bw_verdict group_verdict(const struct group *group);

/* Why it is unknown: the reasons of its members; never-seen only if it holds for all. */
unsigned group_reasons(const struct group *group);

#endif
