/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/observe.h"
#include "infer/condition/rate_limit.h"

#include "condition_bench.h"

/* An answer, and a salvo at once to four others, so many of which are silent. */
static unsigned salvo(struct bench *bench, unsigned silent)
{
	bench_ask(bench, 0, true);
	for (unsigned i = 0; i < 4; i++) {
		bench->asked.extra |= 1U << bench->log.count;
		bench_ask(bench, (uint16_t)(4 + 4 * i), i + silent < 4);
	}
	return bench_end_round(bench);
}

static void test_rate_limited(void **state)
{
	struct bench *bench = *state;
	unsigned salvos = 0;

	(void)bench_all_answer(bench, 1);
	while (salvo(bench, 3) == 0)
		salvos++;
	assert_in_range(salvos, 3, 10); /* one burst of loss does not do */
	assert_int_equal(bench->condition.conditions, BW_RATE_LIMITED);
	assert_true(rate_limit_factor(&bench->condition,
				      (struct bw_mono){(int64_t)bench->condition.heard_s * BW_S}) <
		    1);
	assert_true(rate_limit_factor(&bench->condition, bench->now) > 0.9F);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(salvo(bench, 0), BW_RATE_LIMITED);
	for (unsigned i = 0; i < 5; i++)
		(void)salvo(bench, 0);
	assert_int_equal(bench->condition.conditions, 0);
}

/* Where spaced probes fail as often that is loss, and not rationing. */
static void test_loss_is_no_rationing(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < 200; i++) {
		bench_ask(bench, (uint16_t)(4 * (i % 7)), i % 3 > 0);
		bench_ask(bench, 1, true);
		(void)bench_end_round(bench);
		if (i >= 50 && i % 3 == 0)
			assert_int_equal(salvo(bench, 1) & BW_RATE_LIMITED, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rate_limited, bench_setup),
		cmocka_unit_test_setup(test_loss_is_no_rationing, bench_setup),
	};

	return cmocka_run_group_tests_name("infer/rate_limit", tests, NULL, NULL);
}
