/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/extra.h"

#include "condition_bench.h"

static void test_extra_probes(void **state)
{
	struct bench *bench = *state;
	struct extra extra;

	(void)bench_all_answer(bench, 1);
	assert_int_equal(extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0).count,
			 0);
	assert_int_equal(
		extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0.5).count, 0);
	extra = extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0.999);
	assert_int_equal(extra.kind, EXTRA_HOT);
	(void)bench_lose_upper_half(bench, 0, 23);
	extra = extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0);
	assert_int_equal(extra.kind, EXTRA_PART);
	assert_int_equal(extra.parts, 0xc);
	assert_true(extra_is_new_host(&bench->evidence, 2, 21));
	bench->block.verdict = BW_DARK;
	assert_int_equal(extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0).count,
			 0);
}

/* Two hosts are silent, and one answers twice with another TTL. */
static void test_the_border_is_looked_for(void **state)
{
	struct bench *bench = *state;

	(void)bench_all_answer(bench, 1);
	bench_ask(bench, 0, false);
	bench_ask(bench, 4, false);
	bench_ask(bench, BORDER, true);
	(void)bench_end_round(bench);
	assert_int_equal(
		extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0.5).count, 0);
	bench_ask(bench, BORDER, true);
	(void)bench_end_round(bench);
	assert_int_equal(extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0.5).kind,
			 EXTRA_BORDER);
	assert_int_equal(
		extra_wanted(&bench->condition, &bench->evidence, &bench->block, 0.5).count, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_extra_probes, bench_setup),
		cmocka_unit_test_setup(test_the_border_is_looked_for, bench_setup),
	};

	return cmocka_run_group_tests_name("infer/extra", tests, NULL, NULL);
}
