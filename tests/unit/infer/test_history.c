/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/history.h"

#define DAY (86400 * BW_S)

static struct bw_wall day(int64_t n)
{
	return (struct bw_wall){(20000 + n) * DAY};
}

static void test_nothing_is_said_without_history(void **state)
{
	struct history history = {0};

	(void)state;
	assert_true(history_compare(&history, day(5), -1).days == 0);
}

static void test_first_in_forty_days(void **state)
{
	struct history history = {0};
	struct history_comparison comparison;

	(void)state;
	history_start(&history, day(0));
	history_start(&history, day(7));
	comparison = history_compare(&history, day(40), -1);
	assert_true(comparison.days == 40);
	assert_int_equal(comparison.outages, 0);
	assert_true(comparison.since_last_s < 0);
	assert_true(comparison.availability == 1);
}

static void test_longest_of_three(void **state)
{
	struct history history = {0};
	struct history_comparison comparison;

	(void)state;
	history_start(&history, day(0));
	history_add(&history, day(10), 3600 * BW_S);
	history_add(&history, day(20), 7200 * BW_S);
	comparison = history_compare(&history, day(30), 7201 * BW_S);
	assert_int_equal(comparison.outages, 2);
	assert_true(comparison.longest);
	assert_true(comparison.since_last_s == 10 * 86400);
	assert_true(comparison.availability > 0.995 && comparison.availability < 0.996);
	assert_false(history_compare(&history, day(30), 7200 * BW_S).longest);
}

static void test_a_clock_that_was_set_back(void **state)
{
	struct history history = {0};

	(void)state;
	history_start(&history, day(10));
	history_add(&history, day(12), 3600 * BW_S);
	assert_true(history_compare(&history, day(5), -1).days == 0);
	assert_true(history_compare(&history, day(11), -1).since_last_s < 0);
}

/* A return inside an outage ended nothing: the last outage is the one before. */
static void test_an_end_that_was_none(void **state)
{
	struct history history = {0};

	(void)state;
	history_start(&history, day(10));
	history_add(&history, day(12), 3600 * BW_S);
	history_add(&history, day(14), 7200 * BW_S);
	history_undo(&history, 7200 * BW_S);
	assert_int_equal(history_compare(&history, day(15), -1).outages, 1);
	assert_true(history_compare(&history, day(15), -1).since_last_s == 3 * 86400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_said_without_history),
		cmocka_unit_test(test_first_in_forty_days),
		cmocka_unit_test(test_longest_of_three),
		cmocka_unit_test(test_a_clock_that_was_set_back),
		cmocka_unit_test(test_an_end_that_was_none),
	};

	return cmocka_run_group_tests_name("infer/history", tests, NULL, NULL);
}
