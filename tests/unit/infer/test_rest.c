/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "infer/evidence/rest.h"

#define HOUR_NS (3600 * BW_S)

static void test_packs_small_steps(void **state)
{
	(void)state;
	for (float f = -16; f < 16; f += 1 / 128.0F)
		assert_true(rest_unpack(rest_pack(f)) == f);
	assert_true(rest_unpack(rest_pack(-100)) == -16);
	assert_true(rest_unpack(rest_pack(100)) == 16 - 1 / 128.0F);
	assert_true(rest_unpack(rest_pack(0.003F)) == 0);
	assert_true(rest_unpack(rest_pack(REST_NEVER)) == -16);
}

static void test_night_comes_sooner_in_the_evening(void **state)
{
	float rare = rest_drift(-15, rest_awake_ns(false, 0.1F), HOUR_NS);
	float many = rest_drift(-15, rest_awake_ns(false, 0.6F), HOUR_NS);
	float daily = rest_drift(-15, rest_awake_ns(true, 0.6F), HOUR_NS);

	(void)state;
	assert_true(rare > -11 && rare < -9.5F);
	assert_true(many > -9 && many < -7.5F);
	assert_true(daily > -3 && daily < -2.5F);
	assert_true(rest_drift(REST_NEVER, 14 * HOUR_NS, HOUR_NS) == REST_NEVER);
	assert_true(rest_drift(-5, 14 * HOUR_NS, 0) == -5);
}

static void test_evening_is_seven_hours_before_and_after(void **state)
{
	struct bw_mono at = {(24 * 5 + 23) * HOUR_NS};
	unsigned hour = rest_hour(at);

	(void)state;
	assert_int_equal(hour, 12);
	assert_false(rest_is_evening(0, at));
	assert_true(rest_is_evening(hour, at));
	assert_true(rest_is_evening(hour, bw_mono_add(at, 30 * HOUR_NS)));
	assert_true(rest_is_evening(hour, bw_mono_add(at, 18 * HOUR_NS)));
	assert_false(rest_is_evening(hour, bw_mono_add(at, 12 * HOUR_NS)));
	assert_false(rest_is_evening(hour, bw_mono_add(at, 40 * HOUR_NS - 6 * HOUR_NS)));
}

static void test_night_ends(void **state)
{
	(void)state;
	assert_true(rest_drift(15, 24000 * HOUR_NS, 8 * HOUR_NS) < 1);
	assert_true(rest_drift(15, 24000 * HOUR_NS, HOUR_NS / 60) > 5);
}

static void test_hosts_at_rest(void **state)
{
	(void)state;
	assert_true(rest_of_hot(0.9F, 0) == 0.9F);
	assert_true(rest_of_hot(0.9F, -5) == 0.9F);
	assert_true(rest_of_hot(0.9F, 2 * HOUR_NS) < 0.9F * 0.368F);
	assert_true(rest_of_hot(0.9F, HOUR_NS / 12) > 0.85F);
	assert_true(rest_of_cold(0.5F) < 0.051F);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packs_small_steps),
		cmocka_unit_test(test_night_comes_sooner_in_the_evening),
		cmocka_unit_test(test_evening_is_seven_hours_before_and_after),
		cmocka_unit_test(test_night_ends),
		cmocka_unit_test(test_hosts_at_rest),
	};

	return cmocka_run_group_tests_name("infer/rest", tests, NULL, NULL);
}
