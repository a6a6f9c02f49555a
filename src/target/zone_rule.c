/* SPDX-License-Identifier: Apache-2.0 */
#include "target/zone_rule.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#define RULE_MAX 128 /* bytes */
#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

static bool skip(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static bool read_number(const char **at, int max, int *ret_number)
{
	int number = 0;

	if (!isdigit((unsigned char)**at))
		return false;
	for (; isdigit((unsigned char)**at) && number <= max; ++*at)
		number = number * 10 + (**at - '0');
	*ret_number = number;
	return number <= max;
}

/* "CST", or "<+12>". */
static bool skip_name(const char **at)
{
	const char *first = *at;

	if (skip(at, '<')) {
		*at += strcspn(*at, ">");
		return skip(at, '>');
	}
	while (isalpha((unsigned char)**at))
		++*at;
	return *at > first;
}

/* "5", "-3:30", "02:00:00", of at most a week. */
static bool read_time(const char **at, int32_t *ret_s)
{
	bool negative = **at == '-';
	int hours, minutes = 0, seconds = 0;

	if (negative || **at == '+')
		++*at;
	if (!read_number(at, 167, &hours) || (skip(at, ':') && !read_number(at, 59, &minutes)) ||
	    (skip(at, ':') && !read_number(at, 59, &seconds)))
		return false;
	*ret_s = (negative ? -1 : 1) * (hours * HOUR_S + minutes * 60 + seconds);
	return true;
}

/* ",M3.2.0/0" */
static bool read_change(const char **at, struct zone_change *change)
{
	change->time_s = 2 * HOUR_S;
	if (!skip(at, ',') || !skip(at, 'M') || !read_number(at, 12, &change->month) ||
	    !skip(at, '.') || !read_number(at, 5, &change->week) || !skip(at, '.') ||
	    !read_number(at, 6, &change->day) || change->month == 0 || change->week == 0)
		return false;
	return !skip(at, '/') || read_time(at, &change->time_s);
}

bool zone_rule_parse(const char *text, size_t length, struct zone_rule *ret_rule)
{
	char copy[RULE_MAX] = "";
	const char *at = copy;

	*ret_rule = (struct zone_rule){0};
	if (length < 3 || length > RULE_MAX || text[0] != '\n' || text[length - 1] != '\n')
		return false;
	memcpy(copy, text + 1, length - 2);
	if (!skip_name(&at) || !read_time(&at, &ret_rule->standard_s))
		return false;
	ret_rule->standard_s = -ret_rule->standard_s; /* POSIX counts to the west */
	if (!*at)
		return true;
	ret_rule->has_summer = true;
	if (!skip_name(&at))
		return false;
	ret_rule->summer_s = ret_rule->standard_s + HOUR_S;
	if (*at != ',') {
		if (!read_time(&at, &ret_rule->summer_s))
			return false;
		ret_rule->summer_s = -ret_rule->summer_s;
	}
	return read_change(&at, &ret_rule->begin) && read_change(&at, &ret_rule->end) && !*at;
}

/* The change of a year, in seconds of the local clock since 1970. */
static int64_t find_change(const struct zone_change *change, int year)
{
	struct tm first = {.tm_year = year, .tm_mon = change->month - 1, .tm_mday = 1};
	struct tm next = {.tm_year = year, .tm_mon = change->month, .tm_mday = 1};
	int64_t day = timegm(&first) / DAY_S, end = timegm(&next) / DAY_S;

	day += (change->day - first.tm_wday + 7) % 7 + 7 * (change->week - 1);
	while (day >= end)
		day -= 7;
	return day * DAY_S + change->time_s;
}

int32_t zone_rule_offset_s(const struct zone_rule *rule, int64_t second)
{
	time_t local = (time_t)(second + rule->standard_s);
	struct tm parts;
	int64_t begin, end;
	bool summer;

	if (!rule->has_summer || !gmtime_r(&local, &parts))
		return rule->standard_s;
	begin = find_change(&rule->begin, parts.tm_year) - rule->standard_s;
	end = find_change(&rule->end, parts.tm_year) - rule->summer_s;
	summer = begin < end ? second >= begin && second < end : second >= begin || second < end;
	return summer ? rule->summer_s : rule->standard_s;
}
