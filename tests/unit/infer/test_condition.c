/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/condition.h"

#include "condition_bench.h"

static void test_steady_has_none(void **state)
{
	assert_int_equal(bench_all_answer(*state, 50), 0);
}

/* It may be forgotten while no host is missing, and no longer. */
static void test_evidence_of_a_missing_host(void **state)
{
	struct bench *bench = *state;

	assert_true(condition_evidence_is_empty(&bench->evidence));
	bench_ask(bench, 0, false);
	bench_ask(bench, 10, true);
	observe_round(&bench->condition, &bench->evidence, &bench->block, &bench->log,
		      &bench->asked);
	assert_false(condition_evidence_is_empty(&bench->evidence));
	bench->evidence = condition_evidence_none(&bench->condition);
	assert_true(condition_evidence_is_empty(&bench->evidence));
	assert_int_equal(bench->evidence.parts.inhabited, bench->condition.inhabited);
}

static void test_set_and_clear(void **state)
{
	struct bench *bench = *state;

	condition_set(&bench->condition, BW_PROXY | BW_PARTIAL, true);
	assert_true(condition_has(&bench->condition, BW_PARTIAL));
	condition_set(&bench->condition, BW_PARTIAL, false);
	assert_false(condition_has(&bench->condition, BW_PARTIAL));
	assert_true(condition_has(&bench->condition, BW_PROXY));
}

static void test_since_heard(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(condition_since_heard(&bench->condition, bench->now), INT64_MAX);
	bench_ask(bench, 0, true);
	(void)bench_end_round(bench);
	assert_in_range(condition_since_heard(&bench->condition, bench->now), ROUND,
			ROUND + 2 * BW_S);
}

static void test_telling_silences(void **state)
{
	struct evidence e = {.state = EVIDENCE_SILENT, .availability = 0.9F};

	(void)state;
	assert_true(condition_is_telling(&e));
	e.attempt = 1;
	assert_false(condition_is_telling(&e));
	e = (struct evidence){.state = EVIDENCE_SILENT, .availability = 0.1F};
	assert_false(condition_is_telling(&e));
	e = (struct evidence){.state = EVIDENCE_NEUTRAL, .availability = 0.9F};
	assert_false(condition_is_telling(&e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_steady_has_none, bench_setup),
		cmocka_unit_test_setup(test_evidence_of_a_missing_host, bench_setup),
		cmocka_unit_test_setup(test_set_and_clear, bench_setup),
		cmocka_unit_test_setup(test_since_heard, bench_setup),
		cmocka_unit_test_setup(test_telling_silences, bench_setup),
	};

	return cmocka_run_group_tests_name("infer/condition", tests, NULL, NULL);
}
