/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "infer/merge/series.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

/* Of local time: day, hour and minute of the beginning. */
static struct series_outage outage(int day, int from_hour, int from_minute, int length_minutes)
{
	const int64_t start = day * DAY + from_hour * HOUR + from_minute * MINUTE;
	const int64_t end = start + length_minutes * MINUTE;

	return (struct series_outage){start - MINUTE, start + 30, end - 30, end};
}

static void expect_series(const struct series_outage *list, size_t count, unsigned number,
			  unsigned from_m, unsigned until_m)
{
	struct series series;

	assert_true(series_find(list, count, &series));
	assert_int_equal(series.count, number);
	assert_int_equal(series.from_m, from_m);
	assert_int_equal(series.until_m, until_m);
}

static void expect_none(const struct series_outage *list, size_t count)
{
	struct series series;

	assert_false(series_find(list, count, &series));
}

/* mm-2021: two outages of a coup, then each night from 01:00 to 09:00. */
static void test_nights(void **state)
{
	struct series_outage list[32] = {outage(18294, 6, 50, 475), outage(18299, 8, 50, 1810)};

	(void)state;
	expect_none(list, 2);
	for (int night = 0; night < 28; night++)
		list[2 + night] = outage(18307 + night, 1, 0, 8 * 60);
	expect_none(list, 3);
	expect_series(list, 4, 2, 60, 9 * 60);
	expect_series(list, 7, 5, 60, 9 * 60);
	expect_series(list, 30, 28, 60, 9 * 60);
	list[29].end_earliest_s = list[29].end_s =
		INT64_MAX; /* it lasts: until when is known of the nights before */
	expect_series(list, 30, 28, 60, 9 * 60);
}

/* sy-exams-2019: nine mornings of June, not each day, from 04:00 to 08:35. */
static void test_mornings_of_exams(void **state)
{
	static const int days[] = {9, 11, 13, 17, 19, 23, 25, 27, 30};
	struct series_outage list[9];

	(void)state;
	for (size_t n = 0; n < 9; n++)
		list[n] = outage(18047 + days[n], 4, 0, 275);
	for (size_t n = 1; n < 9; n++)
		expect_series(list, n + 1, (unsigned)n + 1, 4 * 60, 8 * 60 + 35);
}

/* iq-exams-2019: four mornings, each three days after the one before, from 05:30 to 08:30. */
static void test_every_third_day(void **state)
{
	struct series_outage list[4];

	(void)state;
	for (int n = 0; n < 4; n++)
		list[n] = outage(18078 + 3 * n, 5, 30, 180);
	expect_series(list, 4, 4, 5 * 60 + 30, 8 * 60 + 30);
	list[2].start_s += 12 * HOUR; /* one at another hour does not break it */
	list[2].earliest_s += 12 * HOUR;
	list[2].end_earliest_s += 12 * HOUR;
	list[2].end_s += 12 * HOUR;
	expect_series(list, 4, 3, 5 * 60 + 30, 8 * 60 + 30);
}

/* iq-2019: seven outages of a month of protests, none at the hours of another. */
static void test_outages_that_are_no_series(void **state)
{
	const struct series_outage list[] = {
		outage(18171, 20, 30, 12180), outage(18205, 0, 12, 538),
		outage(18205, 12, 30, 2730),  outage(18207, 13, 0, 2960),
		outage(18209, 18, 0, 860),    outage(18210, 16, 0, 975),
		outage(18211, 16, 0, 750),
	};

	(void)state;
	for (size_t n = 1; n <= sizeof(list) / sizeof(list[0]); n++)
		expect_none(list, n);
}

/* Two at the same odd minute may be chance, and a week of silence ends a series. */
static void test_chance(void **state)
{
	const struct series_outage odd[] = {outage(100, 1, 13, 200), outage(101, 1, 19, 195),
					    outage(102, 1, 22, 190)};
	const struct series_outage far[] = {outage(100, 1, 0, 240), outage(108, 1, 0, 240)};
	const struct series_outage brief[] = {outage(100, 1, 0, 10), outage(101, 1, 0, 10)};
	const struct series_outage same_day[] = {outage(100, 1, 0, 20), outage(100, 1, 25, 20)};

	(void)state;
	expect_none(odd, 2);
	expect_series(odd, 3, 3, 82, 4 * 60 + 32);
	expect_none(far, 2);
	expect_none(brief, 2);
	expect_none(same_day, 2);
	expect_none(odd, 1);
	expect_none(NULL, 0);
}

/* Faults at random: hardly ever a series. */
static void test_random_faults(void **state)
{
	struct rng rng = rng_of(7);
	unsigned found = 0;

	(void)state;
	for (int run = 0; run < 2000; run++) {
		struct series_outage list[6];
		struct series series;
		int day = 100;

		for (int n = 0; n < 6; n++) {
			day += 1 + (int)rng_below(&rng, 4);
			list[n] = outage(day, (int)rng_below(&rng, 24), (int)rng_below(&rng, 60),
					 20 + (int)rng_below(&rng, 600));
		}
		found += series_find(list, 6, &series);
	}
	assert_true(found < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nights),
		cmocka_unit_test(test_mornings_of_exams),
		cmocka_unit_test(test_every_third_day),
		cmocka_unit_test(test_outages_that_are_no_series),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_random_faults),
	};

	return cmocka_run_group_tests_name("infer/series", tests, NULL, NULL);
}
