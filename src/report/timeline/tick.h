/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_TICK_H
#define REPORT_TIMELINE_TICK_H

#include "report/timeline/local_clock.h"

/* Where an axis of time has a label, at round times of a clock. */
#define TICKS_MAX 24

struct tick {
	int64_t at_ns;
	char label[LOCAL_CLOCK_TEXT]; /* "16:00", at midnight "23 Dec"; "Dec 2014" */
	bool strong;                  /* a label that stays where there is room for half of them */
};

/*
 * Fills LIST with at most TICKS_MAX ticks in [FROM, UNTIL), about WANTED (2 to 12) of them, and
 * returns how many. Hours that the clock leaves out have none.
 */
unsigned ticks(const struct local_clock *clock, int64_t from_ns, int64_t until_ns, unsigned wanted,
	       struct tick list[TICKS_MAX]);

#endif
