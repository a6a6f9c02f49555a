/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "infer/flap.h"

static void test_halves_in_a_half_life(void **state)
{
	(void)state;
	assert_true(flap_decay(4, 0, BW_S) == 4);
	assert_true(flap_decay(4, BW_S, BW_S) == 2);
	assert_true(flap_decay(4, 3 * BW_S, BW_S) == 0.5F);
	assert_true(flap_decay(4, -BW_S, BW_S) == 4);
}

static void test_penalty_enters_and_leaves(void **state)
{
	struct infer_params params = infer_params_default();
	float penalty = 0;

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		penalty = flap_add(penalty, 0, &params);
	assert_false(flap_enters(penalty, &params));
	penalty = flap_add(penalty, 0, &params);
	assert_true(flap_enters(penalty, &params));
	assert_false(flap_leaves(penalty, params.flap_half_life_ns, &params));
	assert_true(flap_leaves(penalty, 2 * params.flap_half_life_ns, &params));
	for (unsigned i = 0; i < 100; i++)
		penalty = flap_add(penalty, 0, &params);
	assert_true(penalty == 4 * params.flap_enter);
}

static void test_dark_after_its_phases(void **state)
{
	struct infer_params params = infer_params_default();
	struct flap_phases phases = {0};

	(void)state;
	assert_int_equal(flap_dark_after_ns(&phases, true, &params), params.confirm_ns);
	assert_int_equal(flap_dark_after_ns(&phases, false, &params), params.confirm_ns);
	flap_note(&phases, &params, 2, true, 60 * BW_S);
	/* Twice the longest together, 3 + 2 / count times the longest alone. */
	assert_int_equal(flap_dark_after_ns(&phases, true, &params), 120 * BW_S);
	assert_int_equal(flap_dark_after_ns(&phases, false, &params), 300 * BW_S);
	flap_note(&phases, &params, 2, true, 60 * BW_S);
	assert_int_equal(flap_dark_after_ns(&phases, false, &params), 240 * BW_S);
	for (unsigned i = 0; i < 18; i++)
		flap_note(&phases, &params, 2, true, BW_S);
	assert_int_equal(phases.count, 20);
	assert_int_equal(phases.longest_ns, 60 * BW_S);
	/* 7 times 7 s is less */
	assert_int_equal(flap_dark_after_ns(&phases, true, &params), 60 * BW_S);
	assert_int_equal(flap_dark_after_ns(&phases, false, &params), 60 * BW_S);
	flap_note(&phases, &params, 2, false, 0);
	assert_int_equal(phases.count, 20);
}

/* The penalty of the last transition has decayed: this one begins a new flapping. */
static void test_old_phases_are_forgotten(void **state)
{
	struct infer_params params = infer_params_default();
	struct flap_phases phases = {.down_ns = BW_S, .longest_ns = BW_S, .count = 1};

	(void)state;
	flap_note(&phases, &params, 1.4F, true, 60 * BW_S);
	assert_int_equal(phases.count, 0);
	assert_int_equal(phases.down_ns, 0);
}

/* COUNT down phases of 100 and 200 s in turn, each after UP_S seconds. */
static struct flap_phases flapping(unsigned count, int64_t up_s)
{
	struct infer_params params = infer_params_default();
	struct flap_phases phases = {0};

	for (unsigned i = 0; i < count; i++) {
		flap_note(&phases, &params, 3, false, up_s * BW_S);
		flap_note(&phases, &params, 3, true, (i % 2 ? 200 : 100) * BW_S);
	}
	return phases;
}

static void test_shared_phases_of_which_few_are_known(void **state)
{
	struct infer_params params = infer_params_default();
	struct flap_phases phases = {0};

	(void)state;
	assert_int_equal(flap_shared_dark_after_ns(&phases, &params), params.confirm_ns);
	phases = flapping(1, 600);
	assert_int_equal(flap_shared_dark_after_ns(&phases, &params), 400 * BW_S);
	phases = flapping(4, 600);
	assert_int_equal(flap_shared_dark_after_ns(&phases, &params), 500 * BW_S);
}

/* Mean 150 s, deviation 50 s. */
static void test_shared_phases_by_mean_and_deviation(void **state)
{
	struct infer_params params = infer_params_default();
	struct flap_phases phases = flapping(64, 600);
	int64_t after_ns = flap_shared_dark_after_ns(&phases, &params);

	(void)state;
	assert_true(after_ns > 349 * BW_S && after_ns < 351 * BW_S);
}

/* The up phase before this silence was three times as long as the others: the flapping is over. */
static void test_silence_after_a_long_up_phase(void **state)
{
	struct infer_params params = infer_params_default();
	struct flap_phases phases = flapping(64, 600), few = flapping(8, 600);

	(void)state;
	flap_note(&phases, &params, 3, false, 1800 * BW_S);
	assert_int_equal(flap_shared_dark_after_ns(&phases, &params), 288 * BW_S);
	assert_true(flap_dark_after_ns(&phases, true, &params) == 400 * BW_S);
	flap_note(&few, &params, 3, false, 1800 * BW_S);
	assert_true(flap_shared_dark_after_ns(&few, &params) > 400 * BW_S);
}

/* COUNT up phases, exponential but for a least length of 600 s, with a mean of 1500 s. */
static struct flap_phases irregular(unsigned count)
{
	struct infer_params params = infer_params_default();
	struct flap_phases phases = flapping(1, 600);

	for (unsigned i = 0; i < count; i++) {
		double up_s = 600 - 900 * log((i + 0.5) / count);

		flap_note(&phases, &params, 3, false, (int64_t)up_s * BW_S);
		flap_note(&phases, &params, 3, true, (i % 2 ? 200 : 100) * BW_S);
	}
	return phases;
}

/* The flagship: 35 minutes of calm are longer than four of five up phases. */
static void test_calm_among_irregular_phases(void **state)
{
	struct infer_params params = infer_params_default();
	struct flap_phases calm = irregular(60), usual = calm;

	(void)state;
	flap_note(&calm, &params, 3, false, 2100 * BW_S);
	assert_int_equal(flap_shared_dark_after_ns(&calm, &params), 288 * BW_S);
	flap_note(&usual, &params, 3, false, 1800 * BW_S);
	assert_true(flap_shared_dark_after_ns(&usual, &params) > 300 * BW_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_halves_in_a_half_life),
		cmocka_unit_test(test_penalty_enters_and_leaves),
		cmocka_unit_test(test_dark_after_its_phases),
		cmocka_unit_test(test_old_phases_are_forgotten),
		cmocka_unit_test(test_shared_phases_of_which_few_are_known),
		cmocka_unit_test(test_shared_phases_by_mean_and_deviation),
		cmocka_unit_test(test_silence_after_a_long_up_phase),
		cmocka_unit_test(test_calm_among_irregular_phases),
	};

	return cmocka_run_group_tests_name("infer/flap", tests, NULL, NULL);
}
