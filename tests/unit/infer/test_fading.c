/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "infer/evidence/fading.h"

#define DAY (86400 * BW_S)

static void test_half_are_gone_after_the_half_life(void **state)
{
	(void)state;
	assert_float_equal(fading_gone(0), 0, 0);
	assert_float_equal(fading_gone(-DAY), 0, 0);
	assert_float_equal(fading_gone(FADING_HALF_LIFE_DAYS * DAY), 0.5, 1e-6);
	assert_float_equal(fading_gone(2 * FADING_HALF_LIFE_DAYS * DAY), 0.75, 1e-6);
	assert_true(fading_gone(FADING_MAX_DAYS * DAY) > 0.98F);
}

/* An answer of just now: each silence counts as the availability says. */
static void test_fresh(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 5; n++)
		assert_float_equal(fading_availability(0.9F, 0, n), 0.9, 1e-5);
	assert_float_equal(fading_availability(1, 0, 1), 1, 0);
}

/* However often a host is silent, it says no more than that it is gone. */
static void test_silences_of_one_host_are_limited(void **state)
{
	const float gone = 0.2F;
	double sum = 0;

	(void)state;
	assert_float_equal(fading_availability(0.5F, gone, 0), 0.4, 1e-6);
	for (unsigned n = 0; n < 24; n++)
		sum += log(1 - (double)fading_availability(0.5F, gone, n));
	assert_true(sum > log((double)gone));
	assert_float_equal(sum, log((double)gone), 1e-3);
	assert_true(fading_availability(1, gone, 1) <= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half_are_gone_after_the_half_life),
		cmocka_unit_test(test_fresh),
		cmocka_unit_test(test_silences_of_one_host_are_limited),
	};

	return cmocka_run_group_tests_name("infer/fading", tests, NULL, NULL);
}
