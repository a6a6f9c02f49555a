/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/belief.h"

static void assert_near(double value, double wanted, double tolerance)
{
	if (fabs(value - wanted) > tolerance)
		fail_msg("%g is not within %g of %g", value, tolerance, wanted);
}

/* Nats of a reply and of a silence in Quan, Heidemann, Pradkin, SIGCOMM 2013. */
static void test_weights_are_trinoculars(void **state)
{
	(void)state;
	assert_near((double)belief_of_reply(0.5F), 4.86, 0.01);
	assert_near((double)belief_of_reply(0.1F), 3.25, 0.01);
	assert_near((double)belief_of_silence(0.5F), -0.689, 0.001);
	assert_near((double)belief_of_silence(0.9F), -2.30, 0.01);
}

static void test_one_silence_is_bounded(void **state)
{
	(void)state;
	assert_near((double)belief_of_silence(1), -3.5, 0.01);
	assert_true(belief_of_silence(1) >= belief_of_silence(BELIEF_AVAILABILITY_MAX));
	assert_true(belief_of_silence(0) < 0);
}

static void test_probability_and_back(void **state)
{
	(void)state;
	assert_near(belief_probability(0), 0.5, 1e-12);
	for (double p = 0.001; p < 1; p += 0.001)
		assert_near(belief_probability(belief_log_odds(p)), p, 1e-6);
	assert_true(isfinite(belief_log_odds(0)));
	assert_true(isfinite(belief_log_odds(1)));
	assert_true(belief_probability(-200) >= 0);
	assert_true(belief_probability(200) <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weights_are_trinoculars),
		cmocka_unit_test(test_one_silence_is_bounded),
		cmocka_unit_test(test_probability_and_back),
	};

	return cmocka_run_group_tests_name("infer/belief", tests, NULL, NULL);
}
