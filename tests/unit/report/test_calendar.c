/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/timeline/calendar.h"
#include "report/timeline/tick.h"

#define HOUR (3600 * BW_S)

/*
 * A clock that is two hours ahead of UTC in summer and one in winter, as that of Europe: it was
 * set on 29 March 2026 at 01:00 UTC and on 25 October 2026 at 01:00 UTC.
 */
static int64_t at(const char *text)
{
	struct bw_wall time;

	assert_int_equal(bw_wall_parse(text, &time), 0);
	return time.ns;
}

static int32_t europe(const void *arg, int64_t t_ns)
{
	(void)arg;
	return t_ns >= at("2026-03-29T01:00:00Z") && t_ns < at("2026-10-25T01:00:00Z") ? 7200
										       : 3600;
}

static int32_t pyongyang(const void *arg, int64_t t_ns)
{
	(void)arg;
	(void)t_ns;
	return 9 * 3600;
}

static int32_t samoa(const void *arg, int64_t t_ns)
{
	(void)arg;
	(void)t_ns;
	return -11 * 3600;
}

static const struct local_clock summer = {europe, NULL, "Europe/Paris"};
static const struct local_clock korea = {pyongyang, NULL, "Asia/Pyongyang"};
static const struct local_clock west = {samoa, NULL, "Pacific/Pago_Pago"};

static void test_days_begin_at_local_midnight(void **state)
{
	const int64_t day = local_clock_day(&korea, at("2014-12-22T16:15:00Z"));
	char text[LOCAL_CLOCK_TEXT];

	(void)state;
	assert_int_equal(day, at("2014-12-23T00:00:00Z") / LOCAL_CLOCK_DAY_NS);
	assert_int_equal(local_clock_midnight(&korea, day), at("2014-12-22T15:00:00Z"));
	assert_string_equal(local_clock_minute(&korea, at("2014-12-22T16:15:00Z"), text),
			    "23 Dec 2014 01:15");
	assert_int_equal(local_clock_day(&west, at("1970-01-01T00:00:00Z") + 1), -1);
	assert_int_equal(local_clock_midnight(&west, -1), -13 * HOUR);
}

static int64_t length_of_day(const char *noon)
{
	const int64_t day = local_clock_day(&summer, at(noon));

	return (local_clock_midnight(&summer, day + 1) - local_clock_midnight(&summer, day)) / HOUR;
}

static void test_days_have_23_and_25_hours(void **state)
{
	(void)state;
	assert_int_equal(length_of_day("2026-03-28T12:00:00Z"), 24);
	assert_int_equal(length_of_day("2026-03-29T12:00:00Z"), 23);
	assert_int_equal(length_of_day("2026-10-25T12:00:00Z"), 25);
	assert_int_equal(local_clock_change(&summer, at("2026-03-28T23:00:00Z"),
					    at("2026-03-29T22:00:00Z")),
			 at("2026-03-29T01:00:00Z"));
	assert_int_equal(local_clock_change(&summer, 0, HOUR), HOUR);
}

/* A band of one day of the clock that is up, and dark between two times. */
static void make(struct calendar *calendar, const char *noon, const char *dark, const char *until)
{
	const int64_t day = local_clock_day(&summer, at(noon));
	struct band band;

	band_init(&band, local_clock_midnight(&summer, day),
		  local_clock_midnight(&summer, day + 1));
	assert_int_equal(band_add(&band, 0, BW_UP), 0);
	assert_int_equal(band_add(&band, at(dark), BW_DARK), 0);
	assert_int_equal(band_add(&band, at(until), BW_UP), 0);
	assert_int_equal(calendar_make(calendar, &summer, &band), 0);
	band_fini(&band);
	assert_int_equal(calendar->first_day, day);
	assert_int_equal(calendar->last_day, day);
}

static void expect_pieces(const struct calendar *calendar, const struct calendar_piece *pieces,
			  uint32_t count)
{
	assert_int_equal(calendar->pieces.count, count);
	for (uint32_t n = 0; n < count; n++) {
		const struct calendar_piece *got = calendar_get(calendar, n);

		assert_int_equal(got->from_s, pieces[n].from_s);
		assert_int_equal(got->until_s, pieces[n].until_s);
		assert_int_equal(got->state, pieces[n].state);
		assert_int_equal(got->again, pieces[n].again);
	}
}
#define EXPECT(calendar, ...)                                                        \
	do {                                                                         \
		const struct calendar_piece pieces[] = {__VA_ARGS__};                \
		expect_pieces(calendar, pieces, sizeof(pieces) / sizeof(pieces[0])); \
	} while (0)
#define PIECE(from, until, what, twice)                                                           \
	{                                                                                         \
		.from_s = (from)*3600, .until_s = (until)*3600, .state = (what), .again = (twice) \
	}

/* The clock shows no time between 2 and 3: nothing is drawn there. */
static void test_an_hour_that_is_left_out(void **state)
{
	struct calendar calendar;

	(void)state;
	make(&calendar, "2026-03-29T12:00:00Z", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z");
	EXPECT(&calendar, PIECE(0, 1, BW_UP, false), PIECE(1, 2, BW_DARK, false),
	       PIECE(3, 4, BW_DARK, false), PIECE(4, 24, BW_UP, false));
	calendar_fini(&calendar);
}

/* The clock shows the hour from 2 to 3 twice; the second time is marked. */
static void test_an_hour_that_comes_twice(void **state)
{
	struct calendar calendar;

	(void)state;
	make(&calendar, "2026-10-25T12:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T05:00:00Z");
	EXPECT(&calendar, PIECE(0, 3, BW_UP, false), PIECE(2, 3, BW_DARK, true),
	       PIECE(3, 6, BW_DARK, false), PIECE(6, 24, BW_UP, false));
	calendar_fini(&calendar);
}

static void test_a_calendar_ends_now(void **state)
{
	struct calendar calendar;
	struct band band;

	(void)state;
	band_init(&band, at("2014-12-22T15:00:00Z"), at("2014-12-24T16:00:00Z"));
	assert_int_equal(band_add(&band, 0, BW_UP), 0);
	assert_int_equal(calendar_make(&calendar, &korea, &band), 0);
	band_fini(&band);
	EXPECT(&calendar, PIECE(0, 24, BW_UP, false), PIECE(0, 24, BW_UP, false),
	       PIECE(0, 1, BW_UP, false));
	calendar_fini(&calendar);
}

static void test_a_second_of_midnight(void **state)
{
	struct calendar calendar;
	struct band band;

	(void)state;
	band_init(&band, at("2014-12-22T14:59:59Z"), at("2014-12-22T15:00:01Z"));
	assert_int_equal(band_add(&band, 0, BW_DARK), 0);
	assert_int_equal(calendar_make(&calendar, &korea, &band), 0);
	band_fini(&band);
	assert_int_equal(calendar.pieces.count, 2);
	assert_int_equal(calendar_get(&calendar, 0)->from_s, 86399);
	assert_int_equal(calendar_get(&calendar, 0)->until_s, 86400);
	assert_int_equal(calendar_get(&calendar, 1)->from_s, 0);
	assert_int_equal(calendar_get(&calendar, 1)->until_s, 1);
	assert_int_equal(calendar_get(&calendar, 1)->day, calendar_get(&calendar, 0)->day + 1);
	calendar_fini(&calendar);
}

static void expect_ticks(const struct local_clock *clock, const char *from, const char *until,
			 const char *labels)
{
	struct tick list[TICKS_MAX];
	const unsigned count = ticks(clock, at(from), at(until), 8, list);
	char all[TICKS_MAX * LOCAL_CLOCK_TEXT] = "";

	for (unsigned n = 0; n < count; n++) {
		assert_true(list[n].at_ns >= at(from) && list[n].at_ns < at(until));
		strncat(all, n ? "|" : "", sizeof(all) - strlen(all) - 1);
		strncat(all, list[n].label, sizeof(all) - strlen(all) - 1);
	}
	assert_string_equal(all, labels);
}

static void test_ticks_are_round_times_of_the_clock(void **state)
{
	const struct local_clock utc = local_clock_utc();

	(void)state;
	expect_ticks(&utc, "2014-12-22T16:15:00Z", "2014-12-22T16:15:01Z", "16:15:00");
	expect_ticks(&utc, "2014-12-22T16:01:00Z", "2014-12-22T16:08:00Z",
		     "16:01|16:02|16:03|16:04|16:05|16:06|16:07");
	expect_ticks(&korea, "2014-12-22T10:00:00Z", "2014-12-23T10:00:00Z",
		     "21:00|23 Dec|03:00|06:00|09:00|12:00|15:00|18:00");
	expect_ticks(&korea, "2014-12-18T00:00:00Z", "2014-12-24T00:00:00Z",
		     "19 Dec|20 Dec|21 Dec|22 Dec|23 Dec|24 Dec");
	expect_ticks(&utc, "2014-12-01T00:00:00Z", "2015-01-01T00:00:00Z",
		     "1 Dec|8 Dec|15 Dec|22 Dec|29 Dec");
	expect_ticks(&utc, "2014-02-10T00:00:00Z", "2014-09-10T00:00:00Z",
		     "Mar 2014|Apr 2014|May 2014|Jun 2014|Jul 2014|Aug 2014|Sep 2014");
	expect_ticks(&utc, "2012-02-10T00:00:00Z", "2018-09-10T00:00:00Z",
		     "2013|2014|2015|2016|2017|2018");
	expect_ticks(&utc, "1970-01-01T00:00:00Z", "2026-11-30T00:00:00Z",
		     "1970|1980|1990|2000|2010|2020");
}

/* An hour that the clock does not show has no tick; one that it shows twice has one. */
static void test_ticks_when_the_clock_is_set(void **state)
{
	(void)state;
	expect_ticks(&summer, "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z",
		     "29 Mar|01:00|03:00|04:00|05:00|06:00");
	expect_ticks(&summer, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z",
		     "18:00|29 Mar|06:00|12:00|18:00|30 Mar|06:00|12:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days_begin_at_local_midnight),
		cmocka_unit_test(test_days_have_23_and_25_hours),
		cmocka_unit_test(test_an_hour_that_is_left_out),
		cmocka_unit_test(test_an_hour_that_comes_twice),
		cmocka_unit_test(test_a_calendar_ends_now),
		cmocka_unit_test(test_a_second_of_midnight),
		cmocka_unit_test(test_ticks_are_round_times_of_the_clock),
		cmocka_unit_test(test_ticks_when_the_clock_is_set),
	};

	return cmocka_run_group_tests_name("report/calendar", tests, NULL, NULL);
}
