/* SPDX-License-Identifier: Apache-2.0 */
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
	assert_int_equal(flap_dark_after_ns(&phases, &params), params.confirm_ns);
	flap_note(&phases, &params, 2, true, 60 * BW_S);
	assert_int_equal(flap_dark_after_ns(&phases, &params), 120 * BW_S); /* twice the longest */
	for (unsigned i = 0; i < 19; i++)
		flap_note(&phases, &params, 2, true, BW_S);
	assert_int_equal(phases.count, 20);
	assert_int_equal(phases.longest_ns, 60 * BW_S);
	assert_int_equal(flap_dark_after_ns(&phases, &params), 60 * BW_S); /* 7 times 4 s is less */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_halves_in_a_half_life),
		cmocka_unit_test(test_penalty_enters_and_leaves),
		cmocka_unit_test(test_dark_after_its_phases),
		cmocka_unit_test(test_old_phases_are_forgotten),
	};

	return cmocka_run_group_tests_name("infer/flap", tests, NULL, NULL);
}
