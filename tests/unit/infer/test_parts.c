/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/parts.h"

#include "condition_bench.h"

static void test_partial(void **state)
{
	struct bench *bench = *state;

	(void)bench_all_answer(bench, 1);
	assert_int_equal(bench_lose_upper_half(bench, 0, 3), 0); /* several rounds */
	assert_int_equal(bench_lose_upper_half(bench, 3, 20), BW_PARTIAL);
	assert_int_equal(condition_silent_parts(&bench->condition, &bench->evidence), 0xc);
	bench_ask(bench, 25, true); /* one answer is not the end, ... */
	assert_int_equal(bench_end_round(bench), BW_PARTIAL);
	bench_ask(bench, 26, true);
	(void)bench_end_round(bench);
	assert_int_equal(condition_silent_parts(&bench->condition, &bench->evidence),
			 0x8); /* ... a second one is */
	for (uint16_t host = 30; host < 32; host++) {
		bench_ask(bench, host, true);
		(void)bench_end_round(bench);
	}
	assert_int_equal(bench->condition.conditions, 0);
	assert_int_equal(condition_silent_parts(&bench->condition, &bench->evidence), 0);
}

/* In the evening cold hosts are silent everywhere. */
static void test_partial_is_no_evening(void **state)
{
	struct bench *bench = *state;

	(void)bench_all_answer(bench, 1);
	bench_ask(bench, 24, false);
	bench_ask(bench, 0, true);
	assert_int_equal(bench_end_round(bench), 0);
	for (uint16_t i = 0; i < 9; i++) {
		bench_ask(bench, 21 + i, false);
		bench_ask(bench, 1 + i, false);
		bench_ask(bench, 11 + i, false);
		bench_ask(bench, i % 3 * 4, true);
		assert_int_equal(bench_end_round(bench), 0);
	}
}

/* How long the upper half is silent until that is said, ANSWERED of what siblings owe coming. */
static unsigned rounds_to_partial(float answered)
{
	struct bench *bench;
	unsigned rounds = 0;

	(void)bench_setup((void **)&bench);
	(void)bench_all_answer(bench, 1);
	bench->asked.answered = answered;
	while (rounds < 20 && !(bench_lose_upper_half(bench, rounds, 1) & BW_PARTIAL))
		rounds++;
	return rounds;
}

/* Where hosts of all siblings are silent, too, those of a half say less. */
static void test_partial_is_no_evening_of_siblings(void **state)
{
	(void)state;
	assert_in_range(rounds_to_partial(0.3F), rounds_to_partial(1) + 1, 19);
}

/* What is silent for long without being found so has emptied slowly. */
static void test_parts_empty(void **state)
{
	struct bench *bench = *state;

	(void)bench_all_answer(bench, 1);
	bench_ask(bench, 24, false);
	for (uint16_t i = 0; i < 100; i++) {
		bench_ask(bench, (uint16_t)(i * 3 % 20), true);
		assert_int_equal(bench_end_round(bench), 0);
	}
	assert_int_equal(bench->condition.inhabited, 0xb);
	assert_int_equal(bench_lose_upper_half(bench, 0, 9), 0);
}

/* When the whole block falls silent that is no part of it. */
static void test_dark_is_not_partial(void **state)
{
	struct bench *bench = *state;

	(void)bench_all_answer(bench, 1);
	for (unsigned round = 0; round < 20; round++) {
		for (uint16_t host = 0; host < 20; host++)
			bench_ask(bench, (uint16_t)((host * 3 + round) % HOSTS), false);
		assert_int_equal(bench_end_round(bench), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_partial, bench_setup),
		cmocka_unit_test_setup(test_partial_is_no_evening, bench_setup),
		cmocka_unit_test(test_partial_is_no_evening_of_siblings),
		cmocka_unit_test_setup(test_parts_empty, bench_setup),
		cmocka_unit_test_setup(test_dark_is_not_partial, bench_setup),
	};

	return cmocka_run_group_tests_name("infer/parts", tests, NULL, NULL);
}
