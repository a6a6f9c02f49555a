/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/budget.h"

static void test_burst_then_rate(void **state)
{
	struct budget budget = budget_of(BW_S, 20);
	struct budget_spent one = {0}, other = {0};
	struct bw_mono now = {100 * BW_S};
	unsigned taken = 0;

	(void)state;
	while (budget_take(&budget, &one, now))
		taken++;
	assert_int_equal(taken, 20);
	assert_int_equal(budget_next(&budget, one, now).ns, 101 * BW_S);
	assert_true(budget_take(&budget, &other, now));
	now.ns = 101 * BW_S - 1;
	assert_false(budget_take(&budget, &one, now));
	now.ns = 101 * BW_S;
	assert_true(budget_take(&budget, &one, now));
	assert_false(budget_take(&budget, &one, now));
}

/* However it is asked, a block never gets more than burst + elapsed probes. */
static void test_no_pattern_exceeds_it(void **state)
{
	struct budget budget = budget_of(BW_S, 20);
	struct budget_spent spent = {0};
	unsigned taken = 0;

	(void)state;
	for (int64_t t = 0; t < 1000; t++) {
		for (int64_t i = 0; i < 1 + t * 7919 % 13; i++)
			taken += budget_take(&budget, &spent, (struct bw_mono){t * 250 * BW_MS});
		assert_true(taken <= 20 + t / 4);
	}
	assert_true(taken >= 20 + 999 / 4 - 1);
}

static void test_idle_time_is_no_credit_beyond_the_burst(void **state)
{
	struct budget budget = budget_of(BW_S, 3);
	struct budget_spent spent = {0};
	struct bw_mono now = {3600 * BW_S};
	unsigned taken = 0;

	(void)state;
	while (budget_take(&budget, &spent, now))
		taken++;
	assert_int_equal(taken, 3);
}

static void test_notes(void **state)
{
	struct budget budget = budget_of(BW_S, 20);
	struct bw_mono now = {1000000 * BW_S + 7};
	struct budget_spent spent = {0};

	(void)state;
	while (budget_take(&budget, &spent, now))
		;
	for (int64_t s = 0; s < 20; s++) {
		struct bw_mono then = {now.ns + s * BW_S + 12345};
		struct budget_spent recalled = budget_recall(&budget, budget_note(spent), then);

		assert_true(recalled.due_ns <= spent.due_ns);
		assert_true(recalled.due_ns > spent.due_ns - BW_S / 4);
	}
	now.ns += 21 * BW_S;
	for (; now.ns < spent.due_ns + 4070 * BW_S; now.ns += 10 * BW_S)
		assert_int_equal(budget_left(&budget,
					     budget_recall(&budget, budget_note(spent), now), now),
				 20);
	spent = budget_recall(&budget, budget_note(spent), now);
	now.ns += 100 * BW_S;
	assert_int_equal(budget_left(&budget, budget_recall(&budget, budget_note(spent), now), now),
			 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_then_rate),
		cmocka_unit_test(test_no_pattern_exceeds_it),
		cmocka_unit_test(test_idle_time_is_no_credit_beyond_the_burst),
		cmocka_unit_test(test_notes),
	};

	return cmocka_run_group_tests_name("probe/budget", tests, NULL, NULL);
}
