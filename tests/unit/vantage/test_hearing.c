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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silent_for_longer_than_ever),
		cmocka_unit_test(test_a_time_of_day_without_an_answer_is_usually_silent),
		cmocka_unit_test(test_one_answer_at_night_makes_silence_unusual),
		cmocka_unit_test(test_two_days_are_heard_before),
		cmocka_unit_test(test_silences_count_until_it_is_too_silent),
	};

	return cmocka_run_group_tests_name("vantage/hearing", tests, NULL, NULL);
}
