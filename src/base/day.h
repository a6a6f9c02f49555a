/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DAY_H
#define BASE_DAY_H

#include <blockwatch/time.h>

/* Days in UTC, as files of targets and data name them: "2026-11-21". */

#define DAY_NS (86400 * BW_S)
#define DAY_TEXT 11 /* room for a day with its terminator */

/* Parses a day and no more. *RET_TIME is its midnight. Returns 0 or BW_ERR_SYNTAX. */
int day_parse(const char *text, struct bw_wall *ret_time);

/* The day of a moment. BUFFER has DAY_TEXT bytes. Returns it. */
char *day_format(struct bw_wall time, char *buffer);

/* Its number, from 1970-01-01 on, as hosts keep it; and the midnight of such a number. */
static inline int64_t day_number(struct bw_wall time)
{
	return time.ns / DAY_NS;
}
static inline struct bw_wall day_midnight(int64_t number)
{
	return (struct bw_wall){number * DAY_NS};
}

#endif
