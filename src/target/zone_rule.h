/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_ZONE_RULE_H
#define TARGET_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The rule at the end of a file of tzdata, in the form of the variable TZ of POSIX:
 * "CST5CDT,M3.2.0/0,M11.1.0/1". Changes by the day of the year (Jn, n) are not read; tzdata has
 * none.
 */
struct zone_rule {
	int32_t standard_s, summer_s; /* ahead of UTC */
	bool has_summer;
	struct zone_change {
		int month, week, day; /* week 5: the last one; day 0: Sunday */
		int32_t time_s;       /* of the local clock before the change */
	} begin, end;                 /* of summer time */
};

/* Reads LENGTH bytes that begin and end with a line feed. Returns false for what is no rule. */
bool zone_rule_parse(const char *text, size_t length, struct zone_rule *ret_rule);

/* Seconds that local time is ahead of UTC at SECOND (since 1970). */
int32_t zone_rule_offset_s(const struct zone_rule *rule, int64_t second);

#endif
