/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/verdict.h>

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_verdicts(void **state)
{
	(void)state;
	assert_string_equal(bw_verdict_name(BW_UNKNOWN), "unknown");
	assert_string_equal(bw_verdict_name(BW_UP), "up");
	assert_string_equal(bw_verdict_name(BW_FLAPPING), "flapping");
	assert_string_equal(bw_verdict_name(BW_DARK), "dark");
	assert_string_equal(bw_verdict_name((enum bw_verdict)BW_VERDICTS), "");
}

static void test_conditions(void **state)
{
	(void)state;
	assert_string_equal(bw_condition_name(BW_SUSPECT_INDEX), "suspect");
	assert_string_equal(bw_condition_name(BW_ICMP_FILTERED_INDEX), "icmp-filtered");
	assert_string_equal(bw_condition_name(BW_CONDITIONS - 1), "rate-limited");
	assert_string_equal(bw_condition_help(BW_LONE_INDEX), "one known host");
	assert_int_equal(BW_RATE_LIMITED, 1 << BW_RATE_LIMITED_INDEX);
}

static void test_reasons(void **state)
{
	(void)state;
	assert_string_equal(bw_reason_name(BW_WHY_NEVER_SEEN_INDEX), "never-seen");
	assert_string_equal(bw_reason_name(BW_WHY_VANTAGE_OFFLINE_INDEX), "vantage-offline");
	assert_string_equal(bw_reason_name(BW_REASONS - 1), "interrupted");
	assert_string_equal(bw_reason_help(BW_REASONS - 1), "stopped before it was known");
	assert_int_equal(BW_WHY_INTERRUPTED, 1 << BW_WHY_INTERRUPTED_INDEX);
}

static void test_behind_the_last(void **state)
{
	const unsigned indices[] = {BW_CONDITIONS, BW_REASONS, 1000, UINT_MAX};

	(void)state;
	for (size_t i = 1; i < sizeof(indices) / sizeof(indices[0]); i++) {
		assert_string_equal(bw_condition_name(indices[i]), "");
		assert_string_equal(bw_condition_help(indices[i]), "");
		assert_string_equal(bw_reason_name(indices[i]), "");
		assert_string_equal(bw_reason_help(indices[i]), "");
	}
	assert_string_equal(bw_condition_name(BW_CONDITIONS), "");
	assert_string_equal(bw_condition_help(BW_CONDITIONS), "");
}

/* No name twice, none empty, and all fit a set of 16 bits. */
static void check_names(const char *(*name)(unsigned), const char *(*help)(unsigned),
			unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		assert_true(strlen(name(i)) > 0);
		assert_true(strlen(help(i)) > 0);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(name(i), name(j));
	}
}

static void test_names_differ(void **state)
{
	(void)state;
	check_names(bw_condition_name, bw_condition_help, BW_CONDITIONS);
	check_names(bw_reason_name, bw_reason_help, BW_REASONS);
	assert_true(BW_CONDITIONS <= 16);
	assert_true(BW_REASONS <= 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),        cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_reasons),         cmocka_unit_test(test_behind_the_last),
		cmocka_unit_test(test_names_differ),
	};

	return cmocka_run_group_tests_name("base/verdict", tests, NULL, NULL);
}
