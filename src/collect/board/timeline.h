/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_TIMELINE_H
#define COLLECT_BOARD_TIMELINE_H

#include <stdbool.h>

#include <blockwatch/verdict.h>

#include "base/array.h"

/*
 * The merged verdict of one subject over time: intervals without a gap, each until the next. Before
 * the first one it is unknown. The last one lasts.
 */
struct interval {
	int64_t from_ns;
	int64_t decided_ns;  /* by what was said of that moment; at least from_ns */
	int64_t earliest_ns; /* the verdict before was certain until then; at most from_ns */
	uint8_t verdict;     /* enum bw_verdict */
	bool seen_from;      /* some vantages see it, others do not */
	bool lacks_quorum;   /* unknown, since too few can tell */
};

struct timeline {
	struct array intervals; /* struct interval, by from_ns */
	uint8_t told;           /* enum bw_verdict: what was last told of it; BW_UNKNOWN: nothing */
	uint32_t told_outage;   /* with which outage, from 1; 0: none */
	uint32_t last_outage;   /* in the outage book, from 1; 0: none */
	int64_t changed_ns;     /* from when on it was changed since its owner looked; INT64_MAX */
	int64_t kept_ns;        /* of a sum: until then it stays as it is; INT64_MIN: not at all */
	int64_t saved_ns;       /* the store has what is kept, as of then; INT64_MIN: it has not */
};

void timeline_init(struct timeline *timeline);
void timeline_fini(struct timeline *timeline);

/* Forgets what was decided at T or later: what was decided before goes on. */
void timeline_cut(struct timeline *timeline, int64_t t_ns);

/*
 * Adds an interval behind the last one; one that says the same as the last adds nothing. Returns
 * 0 or -ENOMEM.
 */
int timeline_add(struct timeline *timeline, const struct interval *interval);

/* Forgets the intervals that ended at T or before; the last one stays. */
void timeline_forget(struct timeline *timeline, int64_t t_ns);

/* The interval that holds at T; NULL: none yet. */
const struct interval *timeline_at(const struct timeline *timeline, int64_t t_ns);

/* The number of the first interval that begins after T. */
uint32_t timeline_after(const struct timeline *timeline, int64_t t_ns);

static inline const struct interval *timeline_get(const struct timeline *timeline, uint32_t n)
{
	return (const struct interval *)array_at(&timeline->intervals, n);
}

static inline enum bw_verdict timeline_verdict(const struct interval *interval)
{
	return interval ? (enum bw_verdict)interval->verdict : BW_UNKNOWN;
}

#endif
