/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_LOCAL_CLOCK_H
#define REPORT_TIMELINE_LOCAL_CLOCK_H

#include <stdint.h>

#include <blockwatch/time.h>

/* The clock that people somewhere look at. Times are nanoseconds since 1970 in UTC. */
struct local_clock {
	/* Seconds that it is ahead of UTC. NULL: it shows UTC. */
	int32_t (*offset_s)(const void *arg, int64_t t_ns);
	const void *arg;
	const char *name; /* "Asia/Pyongyang"; "UTC" */
};

#define LOCAL_CLOCK_DAY_NS (86400 * BW_S)
#define LOCAL_CLOCK_TEXT 32
#define LOCAL_CLOCK_NAME 96

/* The clock of UTC. */
struct local_clock local_clock_utc(void);

/* "local time (Asia/Pyongyang)"; "UTC". TEXT has LOCAL_CLOCK_NAME bytes. Returns it. */
char *local_clock_name(const struct local_clock *clock, char *text);

/* What it shows at T: nanoseconds since 1970 on it. */
int64_t local_clock_shows(const struct local_clock *clock, int64_t t_ns);

/* Its day at T, as a number from 1970-01-01 on. */
int64_t local_clock_day(const struct local_clock *clock, int64_t t_ns);

/* When it first shows this day. The day is as long as it is to the next one's: 23 to 25 hours. */
int64_t local_clock_midnight(const struct local_clock *clock, int64_t day);

/*
 * The first moment in (FROM, UNTIL) at which the clock is set; UNTIL: it is not. It must be set
 * at most once between them.
 */
int64_t local_clock_change(const struct local_clock *clock, int64_t from_ns, int64_t until_ns);

/* What it shows, in the form of strftime(3). TEXT has LOCAL_CLOCK_TEXT bytes. Returns it. */
char *local_clock_format(const struct local_clock *clock, int64_t t_ns, const char *format,
			 char *text);

/* "22 Dec 2014 16:15" */
char *local_clock_minute(const struct local_clock *clock, int64_t t_ns, char *text);

#endif
