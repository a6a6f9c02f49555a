/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_CALENDAR_H
#define REPORT_TIMELINE_CALENDAR_H

#include "report/timeline/band.h"
#include "report/timeline/local_clock.h"

/*
 * A band as a calendar: one row a day, from 0 to 24 o'clock as the clock there shows it, so that
 * what happens at the same hour each day stands in one column. On a day with 23 hours one hour
 * stays empty; on a day with 25 hours one is there twice, the second time marked as such.
 */
struct calendar_piece {
	int64_t day;             /* since 1970-01-01, of the clock */
	int32_t from_s, until_s; /* of the day, as the clock shows it: 0 to 86400 */
	uint8_t state;           /* as in a band */
	bool again;              /* the clock shows these times for the second time */
};

struct calendar {
	int64_t first_day, last_day;
	struct array pieces; /* struct calendar_piece, in the order of time */
};

/* Starts as {0}. Returns 0 or -ENOMEM. */
int calendar_make(struct calendar *calendar, const struct local_clock *clock,
		  const struct band *band);
void calendar_fini(struct calendar *calendar);

static inline const struct calendar_piece *calendar_get(const struct calendar *calendar, uint32_t n)
{
	return (const struct calendar_piece *)array_at(&calendar->pieces, n);
}

#endif
