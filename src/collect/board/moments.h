/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_MOMENTS_H
#define COLLECT_BOARD_MOMENTS_H

#include "collect/board/board.h"

/*
 * The moments in which something may change, with what changes: a sweep over time visits them in
 * order and evaluates everything anew only there.
 */
#define MOMENTS_ALL UINT32_MAX /* everything may change */

struct moment {
	int64_t t_ns;
	uint32_t block; /* its number, or MOMENTS_ALL */
};

/* After FROM, and not after UNTIL. */
struct moments {
	int64_t from_ns, until_ns;
	struct array list; /* struct moment */
	int error;         /* 0 or -ENOMEM */
};

void moments_init(struct moments *moments, int64_t from_ns, int64_t until_ns);
void moments_fini(struct moments *moments);

/* Adds one that lies in the time. */
void moments_add(struct moments *moments, int64_t t_ns, uint32_t block);

/* Adds when claims on a block change, and when a vantage begins and ceases to be heard of. */
void moments_add_claims(struct moments *moments, const struct board_block *block, uint32_t number);
void moments_add_heard(struct moments *moments, const struct heard *heard);

/* Adds when the quorum, and what connects a vantage, became another. */
void moments_add_terms(struct moments *moments, const struct board *board);
void moments_add_upstreams(struct moments *moments, const struct board_vantage *vantage);

/* Adds when the timeline changes. */
void moments_add_timeline(struct moments *moments, const struct timeline *timeline, uint32_t block);

/* Brings them into order. Returns their error. */
int moments_sort(struct moments *moments);

static inline const struct moment *moments_get(const struct moments *moments, uint32_t n)
{
	return (const struct moment *)array_at(&moments->list, n);
}

#endif
