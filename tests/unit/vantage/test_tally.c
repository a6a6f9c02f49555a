/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/ledger/block/tally.h"

static struct tally tally_of(unsigned count, const int64_t *rtts)
{
	struct tally tally = {0};

	for (unsigned i = 0; i < count; i++)
		tally_reply(&tally, rtts[i]);
	return tally;
}

static void test_without_a_reply_there_are_no_times(void **state)
{
	const struct tally tally = {.sent = 5};
	const struct tally_rtts rtts = tally_rtts(&tally);

	(void)state;
	assert_int_equal(rtts.min_ns, -1);
	assert_int_equal(rtts.median_ns, -1);
	assert_int_equal(rtts.max_ns, -1);
	assert_int_equal(tally_longest_rtt(&tally), 0);
	assert_int_equal(tally_rtt_count(&tally), 0);
}

static void test_the_median_of_an_odd_number_is_the_middle_one(void **state)
{
	const struct tally tally = tally_of(3, (const int64_t[]){30, 10, 25});
	const struct tally_rtts rtts = tally_rtts(&tally);

	(void)state;
	assert_int_equal(rtts.min_ns, 10);
	assert_int_equal(rtts.median_ns, 25);
	assert_int_equal(rtts.max_ns, 30);
	assert_int_equal(tally.replies, 3);
}

static void test_the_median_of_an_even_number_lies_between_the_two(void **state)
{
	const struct tally tally = tally_of(4, (const int64_t[]){40, 10, 30, 20});

	(void)state;
	assert_int_equal(tally_rtts(&tally).median_ns, 25);
}

static void test_reading_does_not_change_the_order_of_arrival(void **state)
{
	const struct tally tally = tally_of(3, (const int64_t[]){30, 10, 25});

	(void)state;
	(void)tally_rtts(&tally);
	assert_int_equal(tally.rtt_ns[0], 30);
	assert_int_equal(tally.rtt_ns[1], 10);
}

static void test_the_longest_is_the_longest_of_the_first_sixteen(void **state)
{
	int64_t rtts[TALLY_RTTS + 1];
	struct tally tally;

	(void)state;
	for (unsigned i = 0; i <= TALLY_RTTS; i++)
		rtts[i] = 100 + i;
	tally = tally_of(TALLY_RTTS + 1, rtts);
	assert_int_equal(tally.replies, TALLY_RTTS + 1);
	assert_int_equal(tally_rtt_count(&tally), TALLY_RTTS);
	assert_int_equal(tally_longest_rtt(&tally), 100 + TALLY_RTTS - 1);
	assert_int_equal(tally_rtts(&tally).max_ns, 100 + TALLY_RTTS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_reply_there_are_no_times),
		cmocka_unit_test(test_the_median_of_an_odd_number_is_the_middle_one),
		cmocka_unit_test(test_the_median_of_an_even_number_lies_between_the_two),
		cmocka_unit_test(test_reading_does_not_change_the_order_of_arrival),
		cmocka_unit_test(test_the_longest_is_the_longest_of_the_first_sixteen),
	};

	return cmocka_run_group_tests_name("vantage/tally", tests, NULL, NULL);
}
