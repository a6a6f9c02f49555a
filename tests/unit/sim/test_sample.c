/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sim/score/sample.h"

static void test_statistics(void **state)
{
	struct sample sample = {0};
	struct score_numbers numbers = sample_numbers(&sample);
	(void)state;

	assert_int_equal(numbers.count, 0);
	for (int i = 100; i > 0; i--)
		sample_add(&sample, i);
	numbers = sample_numbers(&sample);
	assert_int_equal(numbers.count, 100);
	assert_true(numbers.mean == 50.5);
	assert_true(numbers.median == 50);
	assert_true(numbers.p95 == 95);
	assert_true(numbers.most == 100);
	assert_false(sample.failed);
	sample_fini(&sample);
	assert_int_equal(sample.count, 0);
}

static void test_bins(void **state)
{
	struct score_bin bins[SCORE_BINS] = {0};
	(void)state;

	sample_bin_add(bins, .5, true);
	sample_bin_add(bins, .7, false);
	sample_bin_add(bins, .9, true);
	sample_bin_add(bins, 1, true);
	assert_int_equal(bins[0].said, 2);
	assert_int_equal(bins[0].right, 1);
	assert_true(bins[0].stated > .599 && bins[0].stated < .601);
	assert_int_equal(bins[1].said, 1);
	assert_int_equal(bins[4].right, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statistics),
		cmocka_unit_test(test_bins),
	};

	return cmocka_run_group_tests_name("sim/sample", tests, NULL, NULL);
}
