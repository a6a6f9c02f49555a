/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/local_clock.h"

#include <stdio.h>
#include <time.h>

#define SEARCH_NS (26 * 3600 * BW_S) /* no clock is further from UTC */

struct local_clock local_clock_utc(void)
{
	return (struct local_clock){.name = "UTC"};
}

char *local_clock_name(const struct local_clock *clock, char *text)
{
	snprintf(text, LOCAL_CLOCK_NAME, clock->offset_s ? "local time (%s)" : "%s", clock->name);
	return text;
}

static int64_t offset_ns(const struct local_clock *clock, int64_t t_ns)
{
	return clock->offset_s ? clock->offset_s(clock->arg, t_ns) * BW_S : 0;
}

int64_t local_clock_shows(const struct local_clock *clock, int64_t t_ns)
{
	return t_ns + offset_ns(clock, t_ns);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t local_clock_day(const struct local_clock *clock, int64_t t_ns)
{
	return floor_divide(local_clock_shows(clock, t_ns), LOCAL_CLOCK_DAY_NS);
}

int64_t local_clock_midnight(const struct local_clock *clock, int64_t day)
{
	int64_t low = day * LOCAL_CLOCK_DAY_NS - SEARCH_NS;
	int64_t high = day * LOCAL_CLOCK_DAY_NS + SEARCH_NS;

	/* Offsets are whole seconds, so midnights are. */
	while (high - low > BW_S) {
		const int64_t middle = floor_divide(low + (high - low) / 2, BW_S) * BW_S;

		if (local_clock_day(clock, middle) >= day)
			high = middle;
		else
			low = middle;
	}
	return high;
}

int64_t local_clock_change(const struct local_clock *clock, int64_t from_ns, int64_t until_ns)
{
	const int64_t before = offset_ns(clock, from_ns);
	int64_t low = floor_divide(from_ns, BW_S) * BW_S, high = until_ns;

	if (until_ns <= from_ns || offset_ns(clock, until_ns - 1) == before)
		return until_ns;
	while (high - low > BW_S) {
		const int64_t middle = floor_divide(low + (high - low) / 2, BW_S) * BW_S;

		if (offset_ns(clock, middle) == before)
			low = middle;
		else
			high = middle;
	}
	return high;
}

char *local_clock_format(const struct local_clock *clock, int64_t t_ns, const char *format,
			 char *text)
{
	const time_t second = (time_t)floor_divide(local_clock_shows(clock, t_ns), BW_S);
	struct tm parts;

	text[0] = '\0';
	if (gmtime_r(&second, &parts))
		strftime(text, LOCAL_CLOCK_TEXT, format, &parts);
	return text;
}

char *local_clock_minute(const struct local_clock *clock, int64_t t_ns, char *text)
{
	return local_clock_format(clock, t_ns, "%-d %b %Y %H:%M", text);
}
