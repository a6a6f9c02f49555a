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
	int64_t start_ns, earliest_ns;   /* it began between these */
	int64_t end_ns, end_earliest_ns; /* INT64_MAX: it lasts */
	struct {
		int64_t start_ns, end_ns;
	} returns[OUTAGE_RETURNS_MAX];
	unsigned return_count;
};

/*
 * The first outage that begins at T or later, or lasts at T. False: there is none. The next one is
 * found with T = its end + 1.
 */
bool outages_next(const struct timeline *timeline, int64_t t_ns, struct outage *ret_outage);

/* Half-open bounds as one number: the larger of those of start and end. */
int64_t outage_uncertainty(const struct outage *outage);

#endif
