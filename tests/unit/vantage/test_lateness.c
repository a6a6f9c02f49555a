/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "vantage/ledger/block/lateness.h"

static void answer(struct lateness *lateness, unsigned most, unsigned times, int64_t rtt_ms)
{
	for (unsigned i = 0; i < times; i++)
		lateness_note(lateness, most, 3 * BW_S, rtt_ms * BW_MS);
}

static void test_answers_that_come_late_are_waited_for(void **state)
{
	struct lateness lateness = {0};

	(void)state;
	assert_int_equal(lateness_patience_ns(&lateness), 0);
	answer(&lateness, LATENESS_TARGET, 40, 80);
	answer(&lateness, LATENESS_TARGET, 3, 16000);
	assert_int_equal(lateness_patience_ns(&lateness), 0); /* a few are no habit */
	answer(&lateness, LATENESS_TARGET, 12, 16000);
	assert_int_equal(lateness_patience_ns(&lateness), 18 * BW_S); /* an eighth longer */
	answer(&lateness, LATENESS_TARGET, 500, 80);
	assert_int_equal(lateness_patience_ns(&lateness), 0); /* over */
}

static void test_late_is_what_most_of_the_late_ones_are(void **state)
{
	struct lateness lateness = {0};
	int64_t ns;

	(void)state;
	for (int64_t i = 0; i < 3000; i++) /* evenly, 4 to 20 s */
		answer(&lateness, LATENESS_TARGET, 1, 4000 + i * 7919 % 16000);
	ns = lateness_patience_ns(&lateness);
	assert_in_range(ns, 18 * BW_S, 23 * BW_S);
	answer(&lateness, LATENESS_TARGET, 1, 59000); /* one counts for half of the way */
	answer(&lateness, LATENESS_TARGET, 300, 8000);
	assert_true(lateness_patience_ns(&lateness) < ns);
	answer(&lateness, LATENESS_TARGET, 100, 58000);
	assert_int_equal(lateness_patience_ns(&lateness), 45 * BW_S); /* at most */
}

/* A block is asked a dozen times an hour: it learns from its last few answers. */
static void test_a_block_learns_sooner(void **state)
{
	struct lateness lateness = {0};

	(void)state;
	answer(&lateness, LATENESS_BLOCK, 1000, 80);
	answer(&lateness, LATENESS_BLOCK, 3, 5000);
	assert_int_equal(lateness_patience_ns(&lateness), 0);
	answer(&lateness, LATENESS_BLOCK, 1, 5000);
	assert_int_equal(lateness_patience_ns(&lateness), 5625 * BW_MS);
	answer(&lateness, LATENESS_BLOCK, 1000, 80);
	assert_int_equal(lateness_patience_ns(&lateness), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_that_come_late_are_waited_for),
		cmocka_unit_test(test_late_is_what_most_of_the_late_ones_are),
		cmocka_unit_test(test_a_block_learns_sooner),
	};

	return cmocka_run_group_tests_name("vantage/lateness", tests, NULL, NULL);
}
