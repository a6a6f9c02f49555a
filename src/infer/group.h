/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_GROUP_H
#define INFER_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/verdict.h>

/*
 * Networks are sums over blocks, targets are sums over networks. A member of
 * which nothing has ever been heard (unknown, never-seen) cannot testify: it
 * is counted, and left out of the verdict.
 */
struct group {
	uint32_t by_verdict[BW_VERDICTS]; /* by enum bw_verdict */
	uint32_t never_seen;              /* of the unknown ones: never seen */
	uint32_t by_reason[BW_REASONS];   /* how many are unknown for each reason */
};

/* Whether a member that is unknown for these reasons cannot testify. */
bool group_excludes(unsigned reasons);

/* Adds a member with this verdict; REASONS are those of unknown. */
void group_add(struct group *group, enum bw_verdict verdict, unsigned reasons);

/* Takes a member out as it was added. */
void group_remove(struct group *group, enum bw_verdict verdict, unsigned reasons);

uint32_t group_total(const struct group *group);

/*
 * up when any member is up; else flapping when any is; else dark when every
 * member that can testify is dark; else unknown.
 */
enum bw_verdict group_verdict(const struct group *group);

/* Why the group is unknown: its members' reasons, never-seen only when true of all. */
unsigned group_reasons(const struct group *group);

#endif
