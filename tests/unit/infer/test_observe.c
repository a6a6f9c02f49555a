/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/observe.h"

#include "condition_bench.h"

static void test_neutral_silences(void **state)
{
	struct bench *bench = *state;

	bench_ask(bench, 0, true);
	bench_ask(bench, 4, false);
	bench_ask(bench, 8, false);
	bench->asked.extra = 1U << 2;
	observe_neutralise(&bench->condition, &bench->asked, &bench->log);
	assert_int_equal(bench->log.list[1].state, EVIDENCE_SILENT);
	assert_int_equal(bench->log.list[2].state, EVIDENCE_NEUTRAL);
	observe_restore(&bench->condition, &bench->evidence, BW_RATE_LIMITED);
	observe_neutralise(&bench->condition, &bench->asked, &bench->log);
	assert_int_equal(bench->log.list[1].state, EVIDENCE_NEUTRAL);
}

static void test_restored(void **state)
{
	struct bench *bench = *state;

	observe_restore(&bench->condition, &bench->evidence, BW_PROXY | BW_PARTIAL | BW_LONE);
	assert_int_equal(bench->condition.conditions, BW_PROXY);
	assert_int_equal(condition_silent_parts(&bench->condition, &bench->evidence), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_neutral_silences, bench_setup),
		cmocka_unit_test_setup(test_restored, bench_setup),
	};

	return cmocka_run_group_tests_name("infer/observe", tests, NULL, NULL);
}
