/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "collect/fleet_boots.h"

#define ROUND (60 * BW_S)
#define WINDOW (3 * ROUND)
#define HOUR (3600 * BW_S)

static bool take(struct fleet_boots *boots, const char *boot, int64_t t_ns)
{
	return fleet_boots_take(boots, boot, t_ns, WINDOW);
}

static void test_a_restart_is_one_source(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0};

	(void)state;
	for (int64_t t = HOUR; t < 2 * HOUR; t += ROUND)
		assert_true(take(&boots, "a", t));
	for (int64_t t = 2 * HOUR; t < 3 * HOUR; t += ROUND)
		assert_true(take(&boots, "b", t));
	/* What the first one had not sent yet comes later. */
	for (int64_t t = HOUR + 1; t < 2 * HOUR; t += ROUND)
		assert_true(take(&boots, "a", t));
	for (int64_t t = 3 * HOUR; t < 4 * HOUR; t += ROUND)
		assert_true(take(&boots, "b", t));
	assert_false(fleet_boots_are_two(&boots, 4 * HOUR, WINDOW));
}

static void test_two_machines_under_one_name(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0};

	(void)state;
	for (int64_t t = HOUR; t < 2 * HOUR; t += ROUND)
		assert_true(take(&boots, "a", t));
	for (int64_t t = 2 * HOUR; t < 3 * HOUR; t += ROUND) {
		assert_true(take(&boots, "b", t));
		assert_false(take(&boots, "a", t + 7 * BW_S));
	}
	assert_true(fleet_boots_are_two(&boots, 3 * HOUR, WINDOW));
	/* One of them is switched off: the other one counts again. */
	for (int64_t t = 3 * HOUR + WINDOW; t < 4 * HOUR; t += ROUND)
		assert_true(take(&boots, "a", t));
	assert_false(fleet_boots_are_two(&boots, 4 * HOUR, WINDOW));
}

/* In whatever order the records of one time arrive, the same ones count. */
static void test_arrival_does_not_matter(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0};

	(void)state;
	assert_true(take(&boots, "a", HOUR));
	assert_true(take(&boots, "b", 2 * HOUR));
	for (int64_t t = 2 * HOUR; t < 3 * HOUR; t += 10 * ROUND) {
		for (int64_t n = 0; n < 10; n++)
			assert_true(take(&boots, "b", t + n * ROUND));
		for (int64_t n = 9; n >= 0; n--)
			assert_false(take(&boots, "a", t + n * ROUND + 7 * BW_S));
	}
}

/* The boots as they are known after a restart of the collector. */
static void restart(const struct fleet_boots *before, struct fleet_boots *ret_after)
{
	*ret_after = (struct fleet_boots){.doubled_ns = 0};
	for (int n = 0; n < FLEET_BOOTS; n++)
		if (before->list[n].boot[0])
			fleet_boots_load(ret_after, &before->list[n]);
}

static void test_a_restart_of_the_collector_keeps_the_choice(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0}, again = {.doubled_ns = 0};

	(void)state;
	assert_true(take(&boots, "z", HOUR));
	assert_true(take(&boots, "b", 2 * HOUR));
	assert_false(take(&boots, "z", 2 * HOUR + 1));
	restart(&boots, &again);
	assert_false(fleet_boots_are_two(&again, 2 * HOUR + 2, WINDOW)); /* "z" may be late */
	assert_false(take(&again, "z", 2 * HOUR + ROUND));
	assert_true(take(&again, "b", 2 * HOUR + ROUND));
	assert_true(fleet_boots_are_two(&again, 2 * HOUR + ROUND, WINDOW));
}

static void test_a_restart_of_the_collector_keeps_that_there_are_two(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0}, again = {.doubled_ns = 0};
	int64_t t = 2 * HOUR;

	(void)state;
	assert_true(take(&boots, "z", HOUR));
	for (; t < 3 * HOUR; t += ROUND) {
		assert_true(take(&boots, "b", t));
		assert_false(take(&boots, "z", t + 1));
	}
	restart(&boots, &again);
	assert_true(fleet_boots_are_two(&boots, 3 * HOUR, WINDOW));
	assert_true(fleet_boots_are_two(&again, 3 * HOUR, WINDOW));
	assert_false(fleet_boots_are_two(&again, 3 * HOUR + WINDOW, WINDOW));
}

/* Nor is it a reason to say so, if it was none before. */
static void test_a_single_late_record(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0}, again;

	(void)state;
	assert_true(take(&boots, "x", HOUR));
	assert_true(take(&boots, "x", HOUR + 40 * BW_S));
	assert_true(take(&boots, "y", HOUR + 50 * BW_S));
	assert_true(take(&boots, "y", HOUR + 60 * BW_S));
	assert_false(take(&boots, "x", HOUR + 55 * BW_S));
	assert_false(take(&boots, "x", HOUR + 70 * BW_S));
	assert_false(take(&boots, "x", HOUR + 65 * BW_S));
	restart(&boots, &again);
	assert_false(fleet_boots_are_two(&boots, HOUR + 80 * BW_S, WINDOW));
	assert_false(fleet_boots_are_two(&again, HOUR + 80 * BW_S, WINDOW));
	assert_true(take(&boots, "y", HOUR + 80 * BW_S));
	assert_true(take(&again, "y", HOUR + 80 * BW_S));
	restart(&boots, &again);
	assert_true(fleet_boots_are_two(&boots, HOUR + 90 * BW_S, WINDOW));
	assert_true(fleet_boots_are_two(&again, HOUR + 90 * BW_S, WINDOW));
}

/* A machine without a clock of its own begins in 1970, and the boot before it is over. */
static void test_a_boot_that_begins_with_a_wrong_time(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0};

	(void)state;
	assert_true(take(&boots, "a", 100 * HOUR));
	assert_true(take(&boots, "b", 1));
	for (int64_t t = 100 * HOUR + WINDOW + 1; t < 102 * HOUR; t += ROUND)
		assert_true(take(&boots, "b", t));
	assert_false(fleet_boots_are_two(&boots, 102 * HOUR, WINDOW));
}

static void test_many_restarts(void **state)
{
	struct fleet_boots boots = {.doubled_ns = 0};
	char boot[2] = "a";

	(void)state;
	for (int64_t t = HOUR; t < 20 * HOUR; t += HOUR, boot[0]++) {
		assert_true(take(&boots, boot, t));
		assert_true(take(&boots, boot, t + 30 * ROUND));
	}
	assert_true(take(&boots, "a", HOUR + 1)); /* it is late, and not kept */
	assert_false(fleet_boots_are_two(&boots, 20 * HOUR, WINDOW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_restart_is_one_source),
		cmocka_unit_test(test_two_machines_under_one_name),
		cmocka_unit_test(test_arrival_does_not_matter),
		cmocka_unit_test(test_a_restart_of_the_collector_keeps_the_choice),
		cmocka_unit_test(test_a_restart_of_the_collector_keeps_that_there_are_two),
		cmocka_unit_test(test_a_single_late_record),
		cmocka_unit_test(test_a_boot_that_begins_with_a_wrong_time),
		cmocka_unit_test(test_many_restarts),
	};

	return cmocka_run_group_tests_name("collect/fleet_boots", tests, NULL, NULL);
}
