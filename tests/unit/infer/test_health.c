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

static void test_lost_captures_blind(void **state)
{
	struct health health;

	(void)state;
	health_init(&health);
	health_answered(&health, HEALTH_BLOCK, at(7));
	health_drops(&health, 1000, 0);
	assert_int_equal(health_reasons(&health, at(5)), 0);
	health_drops(&health, 1100, 10);
	assert_int_equal(health_reasons(&health, at(5)), BW_WHY_CAPTURE_DROPPED);
	health_drops(&health, 2100, 20);
	assert_int_equal(health_reasons(&health, at(5)), 0);
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
	};

	return cmocka_run_group_tests_name("infer/health", tests, NULL, NULL);
}
