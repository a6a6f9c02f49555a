/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/tick.h"

#include <time.h>

#define MINUTE 60
#define HOUR 3600
#define DAY 86400
#define MONTH (30 * DAY)
#define YEAR (365 * DAY)

/* Steps between two ticks, in seconds; from MONTH on they are counted in months. */
static const int64_t steps[] = {
	1,          2,           5,           10,          30,       MINUTE,    2 * MINUTE,
	5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR,        2 * HOUR, 3 * HOUR,  6 * HOUR,
	12 * HOUR,  DAY,         2 * DAY,     7 * DAY,     MONTH,    3 * MONTH, 6 * MONTH,
	12 * MONTH, 60 * MONTH,  120 * MONTH, 240 * MONTH,
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

static int64_t find_step(int64_t span_s, unsigned wanted)
{
	for (size_t n = 0; n < STEPS; n++)
		if (span_s / steps[n] <= (int64_t)wanted)
			return steps[n];
	return (span_s / wanted / MONTH + 1) * MONTH;
}

static int64_t floor_to(int64_t value, int64_t step)
{
	const int64_t rest = value % step;

	return value - rest - (rest < 0 ? step : 0);
}

/* The month of a second, from January 1970 on; and the other way around. */
static int64_t month_of(int64_t second)
{
	const time_t time = (time_t)second;
	struct tm parts = {.tm_year = 70};

	gmtime_r(&time, &parts);
	return (parts.tm_year - 70) * INT64_C(12) + parts.tm_mon;
}

static int64_t second_of(int64_t month)
{
	struct tm parts = {.tm_year = 70, .tm_mon = (int)month, .tm_mday = 1};

	return (int64_t)timegm(&parts);
}

/* The last round second of the clock at or before SHOWN. Weeks begin on Mondays. */
static int64_t round_down(int64_t shown, int64_t step)
{
	const int64_t monday = 4 * DAY; /* 5 January 1970 */

	if (step >= MONTH)
		return second_of(floor_to(month_of(shown), step / MONTH));
	if (step == 7 * DAY)
		return floor_to(shown - monday, step) + monday;
	return floor_to(shown, step);
}

static int64_t go_on(int64_t shown, int64_t step)
{
	return step >= MONTH ? second_of(month_of(shown) + step / MONTH) : shown + step;
}

/* The moment at which the clock shows this; false: it never does. */
static bool moment_of(const struct local_clock *clock, int64_t shown_ns, int64_t *ret_ns)
{
	const int64_t first = shown_ns - (local_clock_shows(clock, shown_ns) - shown_ns);

	*ret_ns = shown_ns - (local_clock_shows(clock, first) - first);
	return local_clock_shows(clock, *ret_ns) == shown_ns;
}

static const char *form_of(int64_t shown, int64_t step)
{
	if (step >= 12 * MONTH)
		return "%Y";
	if (step >= MONTH)
		return "%b %Y";
	if (step >= DAY || shown % DAY == 0)
		return "%-d %b";
	return step < MINUTE ? "%H:%M:%S" : "%H:%M";
}

/* Every other one, so that midnights and beginnings of years are among them. */
static bool is_strong(int64_t shown, int64_t step)
{
	if (step >= MONTH)
		return month_of(shown) % (2 * (step / MONTH)) == 0;
	return round_down(shown, 2 * step) == shown;
}

unsigned ticks(const struct local_clock *clock, int64_t from_ns, int64_t until_ns, unsigned wanted,
	       struct tick list[TICKS_MAX])
{
	const int64_t step = find_step((until_ns - from_ns) / BW_S, wanted);
	const int64_t last = local_clock_shows(clock, until_ns) + DAY * BW_S;
	int64_t shown = round_down(local_clock_shows(clock, from_ns) / BW_S, step);
	unsigned count = 0;

	for (; shown * BW_S < last && count < TICKS_MAX; shown = go_on(shown, step)) {
		struct tick *tick = &list[count];

		if (!moment_of(clock, shown * BW_S, &tick->at_ns) || tick->at_ns < from_ns ||
		    tick->at_ns >= until_ns)
			continue;
		local_clock_format(clock, tick->at_ns, form_of(shown, step), tick->label);
		tick->strong = is_strong(shown, step);
		count++;
	}
	return count;
}
