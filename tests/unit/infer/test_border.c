/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/border.h"
#include "infer/condition/observe.h"

#include "condition_bench.h"

/* All but the border are silent. */
static unsigned leave_border(struct bench *bench, uint16_t who, unsigned rounds)
{
	unsigned conditions = 0;

	for (unsigned round = 0; round < rounds; round++) {
		for (uint16_t host = 0; host < 24 && round == 0; host += 4)
			bench_ask(bench, host, false);
		bench_ask(bench, who, true);
		conditions = bench_end_round(bench);
	}
	return conditions;
}

static void test_border_only(void **state)
{
	struct bench *bench = *state;
	uint32_t last;

	(void)bench_all_answer(bench, 1);
	last = bench->condition.heard_s;
	assert_int_equal(leave_border(bench, BORDER, 2), 0);
	assert_int_equal(leave_border(bench, BORDER, 2), BW_BORDER_ONLY);
	assert_int_equal(bench->condition.others_s, last);
	assert_true(border_quiet_nats(&bench->evidence) >= 12);
	assert_true(border_is(&bench->condition, BORDER));
	assert_false(border_is(&bench->condition, 3));
	bench_ask(bench, 3, true);
	assert_int_equal(bench_end_round(bench), BW_BORDER_ONLY);
	bench_ask(bench, 8, true);
	assert_int_equal(bench_end_round(bench), 0);
	assert_false(border_is(&bench->condition, BORDER));
}

/* Two cold hosts are silent first whose numbers are those of hot hosts modulo 32. */
static void test_a_cold_host_hides_no_sure_one(void **state)
{
	struct bench *bench = *state;

	(void)bench_all_answer(bench, 1);
	bench_ask(bench, 32, false);
	bench_ask(bench, 36, false);
	for (uint16_t host = 0; host < 20; host += 4)
		bench_ask(bench, host, false);
	bench_ask(bench, BORDER, true);
	assert_int_equal(bench_end_round(bench), 0);
	assert_int_equal(border_quiet_sure(&bench->evidence), 5);
	bench_ask(bench, BORDER, true);
	assert_int_equal(bench_end_round(bench), 0);
	bench_ask(bench, BORDER, true);
	assert_int_equal(bench_end_round(bench), BW_BORDER_ONLY);
}

/* One that answers like the hosts is a host, and proves as much as ever. */
static void test_the_last_host_is_no_border(void **state)
{
	struct bench *bench = *state;

	(void)bench_all_answer(bench, 1);
	assert_int_equal(leave_border(bench, 30, 20), 0);
}

static void test_border_met_in_the_dark(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < HOSTS; i++) {
		bench_ask(bench, (uint16_t)(i % BORDER), true);
		(void)bench_end_round(bench);
	}
	assert_false(border_meets(&bench->condition, &bench->evidence, &bench->block, BORDER,
				  BORDER_TTL));
	for (uint16_t host = 0; host < 28; host += 4)
		bench_ask(bench, host, false);
	bench->block.verdict = BW_DARK;
	assert_int_equal(bench_end_round(bench), 0);
	assert_false(
		border_meets(&bench->condition, &bench->evidence, &bench->block, 30, USUAL_TTL));
	assert_false(border_meets(&bench->condition, &bench->evidence, &bench->block, 0,
				  BORDER_TTL)); /* it is known */
	assert_true(border_meets(&bench->condition, &bench->evidence, &bench->block, BORDER,
				 BORDER_TTL));
	assert_true(border_is(&bench->condition, BORDER));
}

static void test_border_by_errors(void **state)
{
	struct bench *bench = *state;
	struct bw_addr router = {.family = 4, .bytes = {198, 18, 1, 1}};
	struct bw_addr other = {.family = 4, .bytes = {198, 18, 1, 2}};

	(void)bench_all_answer(bench, 1);
	for (unsigned i = 0; i < 20; i++)
		border_unreachable(&bench->condition, i % 2 ? &router : &other);
	for (uint16_t host = 0; host < 24; host += 4)
		bench_ask(bench, host, false);
	assert_int_equal(bench_end_round(bench), 0);
	for (unsigned i = 0; i < 5; i++)
		border_unreachable(&bench->condition, &router);
	assert_int_equal(bench_end_round(bench), BW_BORDER_ONLY);
	assert_false(border_is(&bench->condition, 0));
}

static void test_restart(void **state)
{
	struct bench *bench = *state;

	observe_restore(&bench->condition, &bench->evidence, BW_PARTIAL | BW_BORDER_ONLY | BW_LONE);
	assert_int_equal(bench->condition.conditions, BW_BORDER_ONLY);
	bench->block.verdict = BW_DARK;
	assert_true(border_meets(&bench->condition, &bench->evidence, &bench->block, 5,
				 USUAL_TTL)); /* the first one */
	assert_true(border_is(&bench->condition, 5));
	assert_false(
		border_meets(&bench->condition, &bench->evidence, &bench->block, 6, USUAL_TTL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_border_only, bench_setup),
		cmocka_unit_test_setup(test_a_cold_host_hides_no_sure_one, bench_setup),
		cmocka_unit_test_setup(test_the_last_host_is_no_border, bench_setup),
		cmocka_unit_test_setup(test_border_met_in_the_dark, bench_setup),
		cmocka_unit_test_setup(test_border_by_errors, bench_setup),
		cmocka_unit_test_setup(test_restart, bench_setup),
	};

	return cmocka_run_group_tests_name("infer/border", tests, NULL, NULL);
}
