/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "base/chance.h"

#define TAU (1000 * BW_S)
#define KEYS 2000

/* VALUE is within SIGMAS standard deviations of COUNT draws with chance P. */
static void assert_near(double value, double count, double p, double sigmas)
{
	double mean = count * p, variance = count * p * (1 - p);

	if ((value - mean) * (value - mean) > sigmas * sigmas * variance)
		fail_msg("%g of %g, expected %g", value, count, mean);
}

static void test_state_is_on_for_its_share(void **state)
{
	static const double shares[] = {.1, .5, .9};
	(void)state;

	for (unsigned s = 0; s < 3; s++) {
		unsigned on = 0;

		for (uint64_t key = 0; key < 20000; key++)
			on += chance_state(rng_mix(key), 123456789 * BW_S, TAU, shares[s]);
		assert_near(on, 20000, shares[s], 4);
	}
}

/* P(on at t + lag | on at t) = s + (1 - s) exp(-lag / tau). */
static void test_state_forgets_exponentially(void **state)
{
	static const double lags[] = {.01, .1, .5, 1, 2, 5};
	(void)state;

	for (unsigned l = 0; l < 6; l++) {
		double on = 0, both = 0, expected = .3 + .7 * exp(-lags[l]);

		for (uint64_t key = 0; key < 40000; key++) {
			int64_t at = (int64_t)(rng_mix(key) % (uint64_t)(100 * TAU));

			if (!chance_state(rng_mix(~key), at, TAU, .3))
				continue;
			on++;
			both += chance_state(rng_mix(~key), at + (int64_t)(lags[l] * (double)TAU),
					     TAU, .3);
		}
		assert_near(both, on, expected, 4);
	}
}

/* Mean lengths of the sessions: tau / (1 - s) on, tau / s off. */
static void test_state_sessions_have_their_lengths(void **state)
{
	const double share = .25;
	double changes = 0, on = 0, samples = 0;
	bool was = false;
	(void)state;

	for (uint64_t key = 1; key <= 50; key++) {
		for (int64_t at = 0; at < 200 * TAU; at += TAU / 100, samples++) {
			bool is = chance_state(rng_mix(key), at, TAU, share);

			changes += at > 0 && is && !was;
			on += is;
			was = is;
		}
	}
	assert_true(fabs(on / samples - share) < .02);
	assert_true(fabs(on / changes / 100 * (1 - share) - 1) < .05);
}

static void test_state_does_not_depend_on_who_asked_before(void **state)
{
	bool forward[1000];
	(void)state;

	for (int i = 0; i < 1000; i++)
		forward[i] = chance_state(42, i * TAU / 7, TAU, .5);
	for (int i = 999; i >= 0; i--)
		assert_int_equal(chance_state(42, i * TAU / 7, TAU, .5), forward[i]);
	for (int64_t i = -50; i < 50; i++)
		(void)chance_state(42, i * TAU / 3, TAU, .5);
}

static void test_keys_are_independent(void **state)
{
	double same = 0;
	(void)state;

	for (uint64_t i = 0; i < 20000; i++)
		same += chance_state(chance_key(1, i), 5 * TAU, TAU, .5) ==
			chance_state(chance_key(1, i + 1), 5 * TAU, TAU, .5);
	assert_near(same, 20000, .5, 4);
}

static void test_always_on(void **state)
{
	(void)state;
	for (int64_t at = 0; at < 1000; at++)
		assert_true(chance_state((uint64_t)at, at * TAU, TAU, 1));
}

static void test_hit_draws_only_when_in_doubt(void **state)
{
	struct rng luck = rng_of(1), same = rng_of(1);
	(void)state;

	assert_false(chance_hit(&luck, 0));
	assert_true(chance_hit(&luck, 1));
	assert_memory_equal(&luck, &same, sizeof(luck));
	(void)chance_hit(&luck, .5);
	assert_memory_not_equal(&luck, &same, sizeof(luck));
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Median exp(mu); the 84th percentile is a factor exp(sigma) above it. */
static void test_lognormal_quantiles(void **state)
{
	static int64_t values[20001];
	struct rng luck = rng_of(7);
	(void)state;

	for (unsigned i = 0; i < 20001; i++)
		values[i] = chance_lognormal(&luck, 150e6, .9);
	qsort(values, 20001, sizeof(values[0]), compare);
	assert_true(fabs((double)values[10000] / 150e6 - 1) < .03);
	assert_true(fabs((double)values[16827] / (150e6 * exp(.9)) - 1) < .04);
	assert_int_equal(chance_lognormal(&luck, 0, .9), 0);
}

static void test_exponential_and_between(void **state)
{
	struct rng luck = rng_of(8);
	double sum = 0;
	(void)state;

	for (unsigned i = 0; i < 20000; i++) {
		int64_t value = chance_between(&luck, -3, 3);

		assert_true(value >= -3 && value <= 3);
		sum += (double)chance_exponential(&luck, 1000000);
	}
	assert_true(fabs(sum / 20000 / 1e6 - 1) < .03);
	assert_int_equal(chance_between(&luck, 5, 5), 5);
	assert_int_equal(chance_between(&luck, 5, 4), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state_is_on_for_its_share),
		cmocka_unit_test(test_state_forgets_exponentially),
		cmocka_unit_test(test_state_sessions_have_their_lengths),
		cmocka_unit_test(test_state_does_not_depend_on_who_asked_before),
		cmocka_unit_test(test_keys_are_independent),
		cmocka_unit_test(test_always_on),
		cmocka_unit_test(test_hit_draws_only_when_in_doubt),
		cmocka_unit_test(test_lognormal_quantiles),
		cmocka_unit_test(test_exponential_and_between),
	};

	return cmocka_run_group_tests_name("base/chance", tests, NULL, NULL);
}
