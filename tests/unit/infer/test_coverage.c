/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/coverage.h"

#include "block_bench.h"

static void test_more_hosts_cover_better(void **state)
{
	struct block block;

	(void)state;
	block_init(&block, 100, true, ms(0));
	hotlist_init(&block.hot, 0.95F, 0.5F);
	block.verdict = BW_UP;
	(void)hotlist_add(&block.hot, 0, 0);
	assert_int_equal(coverage_of(&block), COVERAGE_POOR);
	assert_int_equal(coverage_cold_probes(&block, 0.99), 2);
	for (uint16_t host = 1; host < 4; host++)
		(void)hotlist_add(&block.hot, host, 0);
	assert_int_equal(coverage_of(&block), COVERAGE_SHORT);
	assert_int_equal(coverage_cold_probes(&block, 0.4), 1);
	assert_int_equal(coverage_cold_probes(&block, 0.6), 0);
	for (uint16_t host = 4; host < 7; host++)
		(void)hotlist_add(&block.hot, host, 0);
	assert_int_equal(coverage_of(&block), COVERAGE_GOOD);
	assert_int_equal(coverage_cold_probes(&block, 0.05), 1);
	assert_int_equal(coverage_cold_probes(&block, 0.4), 0);
	hotlist_doubt_all(&block.hot);
	assert_int_equal(coverage_of(&block), COVERAGE_POOR);
	block.verdict = BW_DARK;
	assert_int_equal(coverage_cold_probes(&block, 0), 0);
}

static void test_few_candidates_are_not_poor(void **state)
{
	struct block block;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	hotlist_init(&block.hot, 0.95F, 0.5F);
	block.verdict = BW_UP;
	assert_int_equal(coverage_of(&block), COVERAGE_SHORT);
	for (uint16_t host = 0; host < HOSTS; host++)
		(void)hotlist_add(&block.hot, host, 0);
	assert_int_equal(coverage_cold_probes(&block, 0), 0); /* all are hot */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_more_hosts_cover_better),
		cmocka_unit_test(test_few_candidates_are_not_poor),
	};

	return cmocka_run_group_tests_name("infer/coverage", tests, NULL, NULL);
}
