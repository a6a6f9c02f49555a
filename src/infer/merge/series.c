/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/merge/series.h"

#define DAY_S 86400
#define HALF_HOUR_S 1800

static int64_t of_day(int64_t t_s)
{
	const int64_t rest = t_s % DAY_S;

	return rest < 0 ? rest + DAY_S : rest;
}

/* Between two times of day, the shorter way round the clock. */
static int64_t apart(int64_t a_s, int64_t b_s)
{
	const int64_t difference = of_day(a_s - b_s);

	return difference < DAY_S / 2 ? difference : DAY_S - difference;
}

static bool is_short(const struct series_outage *outage)
{
	return outage->end_s != INT64_MAX && outage->end_s - outage->start_s < SERIES_SHORTEST_S;
}

/* One that lasts is compared by its beginning. */
static bool is_same_hours(const struct series_outage *a, const struct series_outage *b)
{
	if (apart(a->start_s, b->start_s) > SERIES_SAME_S)
		return false;
	if (a->end_s == INT64_MAX || b->end_s == INT64_MAX)
		return true;
	/* Nights that are a day longer are other outages. */
	return apart(a->end_s, b->end_s) <= SERIES_SAME_S &&
	       (a->end_s - a->start_s) / DAY_S == (b->end_s - b->start_s) / DAY_S;
}

/* The last half hour between two times, SLACK longer at both ends; negative: there is none. */
static int64_t half_hour(int64_t first_s, int64_t last_s, int64_t slack_s)
{
	const int64_t last = last_s + slack_s;
	const int64_t hour = last - of_day(last) % HALF_HOUR_S;

	return hour >= first_s - slack_s ? hour : -1;
}

static bool keeps_office_hours(const struct series_outage *outage)
{
	return half_hour(outage->earliest_s, outage->start_s, SERIES_OFFICE_S) >= 0;
}

/* As people say it: on the half hour, if it can have been then. */
static unsigned minute_of(int64_t first_s, int64_t last_s)
{
	const int64_t hour = half_hour(first_s, last_s, 60);

	return (unsigned)(of_day(hour >= 0 ? hour : last_s) / 60);
}

struct walk {
	const struct series_outage *last, *earlier; /* earlier: the first one that belongs to it */
	const struct series_outage *ended;          /* the last one whose end is known */
	unsigned count, others;
	bool office; /* all of them begin on the half hour */
};

/* False: what comes before is too long ago. */
static bool step_back(struct walk *walk, const struct series_outage *outage)
{
	if (walk->earlier->start_s - outage->start_s > SERIES_GAP_S)
		return false;
	if (is_short(outage))
		return true;
	if (!is_same_hours(outage, walk->last) ||
	    walk->earlier->start_s - outage->start_s < DAY_S / 2) {
		walk->others++;
		return true;
	}
	walk->count++;
	walk->earlier = outage;
	walk->office = walk->office && keeps_office_hours(outage);
	if (!walk->ended && outage->end_s != INT64_MAX)
		walk->ended = outage;
	return true;
}

bool series_find(const struct series_outage *list, size_t count, struct series *ret_series)
{
	const struct series_outage *last = count ? &list[count - 1] : NULL;
	struct walk walk = {.last = last, .earlier = last, .count = 1};

	if (count < 2 || is_short(last))
		return false;
	walk.office = keeps_office_hours(last);
	walk.ended = last->end_s != INT64_MAX ? last : NULL;
	for (size_t n = count - 1; n > 0 && step_back(&walk, &list[n - 1]); n--)
		continue;
	if (walk.count < 2 || walk.others >= walk.count || (walk.count == 2 && !walk.office) ||
	    !walk.ended)
		return false;
	*ret_series = (struct series){
		.count = walk.count,
		.from_m = minute_of(last->earliest_s, last->start_s),
		.until_m = minute_of(walk.ended->end_earliest_s, walk.ended->end_s),
	};
	return true;
}
