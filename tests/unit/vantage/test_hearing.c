/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/ledger/block/hearing.h"

static struct bw_mono at(int64_t s)
{
	return (struct bw_mono){s * BW_S};
}

/* Quiet hours had gaps of ten minutes: longer than 25 were none yet. */
static void test_silent_for_longer_than_ever(void **state)
{
	struct hearing hearing = {0};
	int64_t t = 0;

	(void)state;
	for (; t <= 2 * 86400; t += 600)
		hearing_note(&hearing, false, at(t + 1));
	t -= 599;
	assert_int_equal(hearing.longest_ns, 600 * BW_S);
	assert_false(hearing_is_too_silent(&hearing, at(t + 1500)));
	assert_true(hearing_is_too_silent(&hearing, at(t + 1501)));
	hearing_note(&hearing, true, at(t + 7200)); /* back from an outage */
	assert_int_equal(hearing.longest_ns, 600 * BW_S);
	hearing_was_deaf(&hearing);
	assert_false(hearing_is_too_silent(&hearing, at(t + 20000)));
	hearing_note(&hearing, false, at(t + 20000));
	assert_int_equal(hearing.longest_ns, 600 * BW_S);
}

static void hear_day(struct hearing *hearing, int64_t day, int64_t from_hour, int64_t to_hour)
{
	for (int64_t t = from_hour * 3600; t <= to_hour * 3600; t += 600)
		hearing_note(hearing, t == from_hour * 3600, at(day * 86400 + t));
}

/* All rest from midnight to six: silence then, and about then, is as usual. */
static void test_a_time_of_day_without_an_answer_is_usually_silent(void **state)
{
	struct hearing hearing = {0};

	(void)state;
	hear_day(&hearing, 1, 12, 24);
	assert_false(hearing_is_usually_silent(&hearing, at(2 * 86400 + 7200)));
	hear_day(&hearing, 2, 6, 24);
	assert_true(hearing_is_usually_silent(&hearing, at(3 * 86400 + 3 * 3600)));
	assert_true(hearing_is_usually_silent(&hearing, at(3 * 86400 + 8 * 3600 - 1)));
	assert_false(hearing_is_usually_silent(&hearing, at(3 * 86400 + 8 * 3600)));
	assert_false(hearing_is_usually_silent(&hearing, at(3 * 86400 + 22 * 3600)));
	assert_true(hearing_is_usually_silent(&hearing, at(3 * 86400 + 23 * 3600)));
}

/* Where somebody answered at night on any day, silence is news. A day of silence is no night. */
static void test_one_answer_at_night_makes_silence_unusual(void **state)
{
	struct hearing hearing = {0};

	(void)state;
	hear_day(&hearing, 1, 0, 24);
	hear_day(&hearing, 2, 6, 24);
	assert_false(hearing_is_usually_silent(&hearing, at(3 * 86400 + 3 * 3600)));
	hearing = (struct hearing){0};
	hear_day(&hearing, 1, 12, 18);
	hear_day(&hearing, 2, 18, 24);
	assert_false(hearing_is_usually_silent(&hearing, at(3 * 86400 + 3 * 3600)));
	hearing = (struct hearing){0};
	hear_day(&hearing, 1, 12, 24);
	hearing_was_deaf(&hearing);
	hear_day(&hearing, 2, 6, 24);
	assert_false(hearing_is_usually_silent(&hearing, at(3 * 86400 + 3 * 3600)));
}

static void test_two_days_are_heard_before(void **state)
{
	struct hearing hearing = {0};

	(void)state;
	for (int64_t t = 1; t < 86400; t += 60)
		hearing_note(&hearing, false, at(t));
	assert_false(hearing_is_too_silent(&hearing, at(2 * 86400)));
}

/* What is silent after it is too silent says nothing new. */
static void test_silences_count_until_it_is_too_silent(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct hearing hearing = {0};
	int64_t t = 0;

	(void)state;
	for (; t <= 2 * 86400; t += 600)
		hearing_note(&hearing, false, at(t + 1));
	t -= 599;
	for (unsigned i = 0; i < 5; i++)
		hearing_missed(&hearing, 3, at(t + 1400));
	hearing_missed(&hearing, -1, at(t + 1400));
	hearing_missed(&hearing, 3, at(t + 1501));
	assert_true(hearing.nats == 15);
	assert_true(hearing_belief(hearing.nats, &params) <= -params.dark_nats);
	assert_true(hearing_belief(12, &params) > -params.dark_nats);
	hearing_note(&hearing, false, at(t + 1600));
	assert_true(hearing.nats == 0);
}

/* The last answer may lie before the clock started, when the machine was started again. */
static void test_half_hours_before_the_clock_started(void **state)
{
	struct hearing hearing = {.first = at(-86400), .last = at(-3 * 3600)};

	(void)state;
	hearing_restore(&hearing, at(60), 120 * BW_S);
	hearing_note(&hearing, false, at(90));
	assert_true(hearing.silent == UINT64_C(0x1f) << 43);
	assert_true(hearing.heard == 1);
	hearing = (struct hearing){.first = at(-86400), .last = at(-3 * 3600)};
	hearing_restore(&hearing, at(60), 1801 * BW_S);
	hearing_note(&hearing, false, at(90));
	assert_true(hearing.silent == 0);
	hearing_note(&hearing, false, at(90 + 3600));
	assert_true(hearing.silent == 2);
}

static void test_half_hours_of_another_clock(void **state)
{
	const uint64_t set = 0x800000000003;
	const int64_t day = 86400 * BW_S, minute = 60 * BW_S;

	(void)state;
	assert_true(hearing_turn(set, 0) == set);
	assert_true(hearing_turn(set, 30 * minute) == 7);
	assert_true(hearing_turn(set, 1000 * day + 44 * minute) == 7);
	assert_true(hearing_turn(set, 46 * minute) == 14);
	assert_true(hearing_turn(set, -30 * minute) == 0xc00000000001);
	for (int64_t by = 0; by < 2 * day; by += 7 * minute + 1)
		assert_true(hearing_turn(hearing_turn(set, by), -by) == set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silent_for_longer_than_ever),
		cmocka_unit_test(test_a_time_of_day_without_an_answer_is_usually_silent),
		cmocka_unit_test(test_one_answer_at_night_makes_silence_unusual),
		cmocka_unit_test(test_two_days_are_heard_before),
		cmocka_unit_test(test_silences_count_until_it_is_too_silent),
		cmocka_unit_test(test_half_hours_before_the_clock_started),
		cmocka_unit_test(test_half_hours_of_another_clock),
	};

	return cmocka_run_group_tests_name("vantage/hearing", tests, NULL, NULL);
}
