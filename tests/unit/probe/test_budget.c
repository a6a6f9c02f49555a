/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/budget.h"

static void test_burst_then_rate(void **state)
{
	struct budget budget;
	struct bw_mono now = {100 * BW_S};
	unsigned taken = 0;

	(void)state;
	assert_int_equal(budget_init(&budget, 2, BW_S, 20), 0);
	while (budget_take(&budget, 0, now))
		taken++;
	assert_int_equal(taken, 20);
	assert_int_equal(budget_next(&budget, 0, now).ns, 101 * BW_S);
	assert_true(budget_take(&budget, 1, now));
	now.ns = 101 * BW_S - 1;
	assert_false(budget_take(&budget, 0, now));
	now.ns = 101 * BW_S;
	assert_true(budget_take(&budget, 0, now));
	assert_false(budget_take(&budget, 0, now));
	budget_fini(&budget);
}

/* However it is asked, a block never gets more than burst + elapsed probes. */
static void test_no_pattern_exceeds_it(void **state)
{
	struct budget budget;
	unsigned taken = 0;

	(void)state;
	assert_int_equal(budget_init(&budget, 1, BW_S, 20), 0);
	for (int64_t t = 0; t < 1000; t++) {
		for (int64_t i = 0; i < 1 + t * 7919 % 13; i++)
			taken += budget_take(&budget, 0, (struct bw_mono){t * 250 * BW_MS});
		assert_true(taken <= 20 + t / 4);
	}
	assert_true(taken >= 20 + 999 / 4 - 1);
	budget_fini(&budget);
}

static void test_idle_time_is_no_credit_beyond_the_burst(void **state)
{
	struct budget budget;
	struct bw_mono now = {3600 * BW_S};
	unsigned taken = 0;

	(void)state;
	assert_int_equal(budget_init(&budget, 1, BW_S, 3), 0);
	while (budget_take(&budget, 0, now))
		taken++;
	assert_int_equal(taken, 3);
	budget_fini(&budget);
	budget_fini(&budget);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_then_rate),
		cmocka_unit_test(test_no_pattern_exceeds_it),
		cmocka_unit_test(test_idle_time_is_no_credit_beyond_the_burst),
	};

	return cmocka_run_group_tests_name("probe/budget", tests, NULL, NULL);
}
