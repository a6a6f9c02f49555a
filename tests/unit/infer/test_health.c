/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/verdict.h>

#include "infer/health.h"

static struct bw_mono at(int64_t seconds)
{
	return (struct bw_mono){seconds * BW_S};
}

static void test_nothing_heard_is_no_sign_of_life(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	assert_int_equal(health_reasons(&health, at(0)), BW_WHY_NO_SIGN_OF_LIFE);
}

static void test_gateway_alone_clears(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_GATEWAY, at(5));
	assert_int_equal(health_reasons(&health, at(5)), 0);
	assert_int_equal(health_reasons(&health, at(6)), BW_WHY_VANTAGE_OFFLINE);
}

static void test_reference_that_answered_outranks_the_gateway(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_REFERENCE, at(1));
	health_answered(&health, HEALTH_GATEWAY, at(9));
	assert_int_equal(health_reasons(&health, at(5)), BW_WHY_VANTAGE_OFFLINE);
	health_answered(&health, HEALTH_REFERENCE, at(6));
	assert_int_equal(health_reasons(&health, at(5)), 0);
}

static void test_another_block_is_a_sign(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(7));
	assert_int_equal(health_reasons(&health, at(5)), 0);
}

static void test_an_older_sign_does_not_take_back(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(7));
	health_answered(&health, HEALTH_BLOCK, at(3));
	assert_int_equal(health_reasons(&health, at(5)), 0);
}

static void drops(struct health *health, uint64_t captured, uint64_t dropped, int64_t seconds)
{
	health_drops(health, (struct health_packets){captured, dropped}, at(seconds));
}

static void test_lost_captures_blind(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(7));
	drops(&health, 1000, 0, 0);
	assert_int_equal(health_reasons(&health, at(5)), 0);
	drops(&health, 1100, 10, 15);
	assert_int_equal(health_reasons(&health, at(5)), BW_WHY_CAPTURE_DROPPED);
	drops(&health, 2100, 20, 30);
	assert_int_equal(health_reasons(&health, at(5)), 0);
}

static void test_drops_are_those_of_the_last_half_minute(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(1000));
	for (int64_t s = 0; s < 100; s++) { /* each second 10 packets, until 60 s all dropped */
		drops(&health, s < 60 ? 0 : (uint64_t)(s - 59) * 10,
		      s < 60 ? (uint64_t)s * 10 : 590, s);
		if (s < 75 || s >= 90)
			assert_int_equal(health_reasons(&health, at(5)),
					 s > 0 && s < 75 ? BW_WHY_CAPTURE_DROPPED : 0);
	}
}

static void test_a_window_that_is_observed_often_does_not_forget_at_once(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(1000));
	drops(&health, 100, 0, 0);
	drops(&health, 110, 10, 1);
	for (int64_t s = 2; s < 15; s++) { /* nothing more arrives */
		drops(&health, 110, 10, s);
		assert_int_equal(health_reasons(&health, at(5)), BW_WHY_CAPTURE_DROPPED);
	}
}

static void test_two_dropped_packets_are_too_few(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(1000));
	drops(&health, 0, 2, 0);
	assert_int_equal(health_reasons(&health, at(5)), 0);
	drops(&health, 0, 3, 1);
	assert_int_equal(health_reasons(&health, at(5)), BW_WHY_CAPTURE_DROPPED);
}

static void test_counters_that_began_anew_are_no_drops(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(1000));
	drops(&health, 100000, 50, 0);
	drops(&health, 200, 5, 15); /* 2.4 % */
	assert_int_equal(health_reasons(&health, at(5)), 0);
	drops(&health, 200, 25, 16);
	assert_int_equal(health_reasons(&health, at(5)), BW_WHY_CAPTURE_DROPPED);
}

static void test_loss_that_lasts_counts_when_the_line_is_heard_again(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	for (int64_t i = 0; i < 200; i++)
		health_count_reference(&health, i % 4 == 3, at(i));
	assert_float_equal(health_loss(&health, at(199)), 0.75, 0.03);
	assert_float_equal(health_loss(&health, at(299)), 0.75, 0.03); /* later, too */
	for (int64_t i = 200; i < 400; i++) /* a cut is no loss */
		health_count_reference(&health, false, at(i));
	health_forget_loss(&health, at(400));
	health_count_reference(&health, true, at(401));
	assert_float_equal(health_loss(&health, at(401)), 0.75, 0.03);
}

static void test_a_line_that_is_hardly_known_loses_little(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	assert_float_equal(health_loss(&health, at(0)), 0, 0);
	health_count_reference(&health, true, at(1));
	health_count_reference(&health, false, at(2));
	assert_true(health_loss(&health, at(3)) < 0.2F);
}

static void test_the_gateway_is_not_beyond_itself(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	assert_false(health_hears_beyond(&health, at(0)));
	health_answered(&health, HEALTH_GATEWAY, at(10));
	assert_false(health_hears_beyond(&health, at(0)));
	health_answered(&health, HEALTH_BLOCK, at(20));
	assert_true(health_hears_beyond(&health, at(19)));
	assert_false(health_hears_beyond(&health, at(20)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_heard_is_no_sign_of_life),
		cmocka_unit_test(test_gateway_alone_clears),
		cmocka_unit_test(test_reference_that_answered_outranks_the_gateway),
		cmocka_unit_test(test_another_block_is_a_sign),
		cmocka_unit_test(test_an_older_sign_does_not_take_back),
		cmocka_unit_test(test_lost_captures_blind),
		cmocka_unit_test(test_drops_are_those_of_the_last_half_minute),
		cmocka_unit_test(test_a_window_that_is_observed_often_does_not_forget_at_once),
		cmocka_unit_test(test_two_dropped_packets_are_too_few),
		cmocka_unit_test(test_counters_that_began_anew_are_no_drops),
		cmocka_unit_test(test_loss_that_lasts_counts_when_the_line_is_heard_again),
		cmocka_unit_test(test_a_line_that_is_hardly_known_loses_little),
		cmocka_unit_test(test_the_gateway_is_not_beyond_itself),
	};

	return cmocka_run_group_tests_name("infer/health", tests, NULL, NULL);
}
