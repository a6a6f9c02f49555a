/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_OUTAGES_H
#define COLLECT_BOARD_OUTAGES_H

#include "collect/board/timeline.h"

/*
 * Outages as they follow from a merged timeline: from dark to the first verdict that is not, over
 * what nobody can tell. A short return (shorter than an hour, and than a tenth of the outage so
 * far) does not end one.
 */
#define OUTAGE_RETURNS_MAX 16

struct outage {
	int64_t start_ns, earliest_ns;   /* it began between these, behind the one before */
	int64_t end_ns, end_earliest_ns; /* INT64_MAX: it lasts */
	struct {
		int64_t start_ns, end_ns;
	} returns[OUTAGE_RETURNS_MAX];
	unsigned return_count;
	int64_t returns_within_ns; /* each began and ended at most so much earlier */
};

/* A walk over the outages of a timeline, which does not change meanwhile. */
struct outages {
	const struct timeline *timeline;
	int64_t from_ns;
	int64_t last_end_ns; /* of the outage before */
	uint32_t next;       /* the interval where it goes on */
};

/* Those that begin at T or later, or last at T, by time. */
struct outages outages_from(const struct timeline *timeline, int64_t t_ns);

/* False: there is no other one. */
bool outages_next(struct outages *outages, struct outage *ret_outage);

/*
 * From when on a timeline is needed, if nothing is to be known of the time before T but what holds
 * at T: where its interval at T begins, or the outage that lasts at T, with their bounds; and while
 * it is unknown, what was known last.
 */
int64_t outages_needed(const struct timeline *timeline, int64_t t_ns);

/*
 * Half-open bounds as one number: the widest of those of start, end and returns. While it lasts, it
 * has none of its end.
 */
int64_t outage_uncertainty(const struct outage *outage);

/* Whether both have the same bounds and returns. */
bool outage_is_same(const struct outage *a, const struct outage *b);

/*
 * For how long both last. 0: they have no moment in common, but one may have begun before the
 * other was over. Negative: it may not.
 */
int64_t outage_overlap(const struct outage *a, const struct outage *b);

#endif
