/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_MERGE_SERIES_H
#define INFER_MERGE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Outages of one subject that come again at the same hours: nightly curfews, mornings of exams. Who
 * orders them keeps office hours of the country: most begin on the half hour of local time.
 *
 * Two belong together when they begin and end at the same local time of day, SERIES_SAME_S apart at
 * most, on different days, and at most SERIES_GAP_S lie between their beginnings. Two alone are a
 * series when both begin on the half hour; with other outages in between, as many or more, there is
 * none.
 */
#define SERIES_SAME_S (30 * 60)
#define SERIES_GAP_S (7 * 86400)
#define SERIES_SHORTEST_S (15 * 60) /* what is shorter is no shutdown */
#define SERIES_OFFICE_S (5 * 60)    /* so close to the half hour counts as on it */

/* Times are seconds of the local clock since 1970. */
struct series_outage {
	int64_t earliest_s, start_s;   /* it began between these */
	int64_t end_earliest_s, end_s; /* it ended between these; INT64_MAX: it lasts */
};

struct series {
	unsigned count;           /* the number of the last one; from 2 */
	unsigned from_m, until_m; /* minutes of the local day; half hours where the bounds allow */
};

/*
 * LIST has the outages of the subject in their order; the last one is asked for. False: it belongs
 * to no series.
 */
bool series_find(const struct series_outage *list, size_t count, struct series *ret_series);

#endif
