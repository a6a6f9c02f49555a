/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/verdict.h>

#include "vantage/ledger/fitness/fitness.h"

#define TIMEOUT (3 * BW_S) /* sentinels are given 6 s and this */

static struct bw_mono at(double seconds)
{
	return (struct bw_mono){1000 * BW_S + (int64_t)(seconds * (double)BW_S)};
}

static struct fitness fitness_of(uint32_t targets)
{
	struct fitness fitness;

	fitness_init(&fitness, at(0));
	fitness.targets = targets;
	return fitness;
}

static void test_without_any_answer_silence_proves_nothing(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	assert_int_equal(fitness_judge(&fitness, at(10)), BW_WHY_NO_SIGN_OF_LIFE);
}

static void test_an_answer_as_young_as_the_silence_makes_it_count(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	health_answered(&fitness.health, HEALTH_REFERENCE, at(10));
	assert_int_equal(fitness_judge(&fitness, at(10)), 0);
	assert_int_equal(fitness_judge(&fitness, at(10.001)), BW_WHY_VANTAGE_OFFLINE);
}

static void test_the_gateway_is_enough_until_a_reference_has_answered(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	health_answered(&fitness.health, HEALTH_GATEWAY, at(10));
	assert_int_equal(fitness_judge(&fitness, at(10)), 0);
	health_answered(&fitness.health, HEALTH_REFERENCE, at(5));
	assert_int_equal(fitness_judge(&fitness, at(10)), BW_WHY_VANTAGE_OFFLINE);
	health_answered(&fitness.health, HEALTH_REFERENCE, at(10));
	assert_int_equal(fitness_judge(&fitness, at(10)), 0);
}

static void test_another_block_is_a_sign_of_life(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	health_answered(&fitness.health, HEALTH_REFERENCE, at(5));
	health_answered(&fitness.health, HEALTH_BLOCK, at(10));
	assert_int_equal(fitness_judge(&fitness, at(10)), 0);
}

static void test_capture_drops_are_a_reason_until_there_are_none(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	health_answered(&fitness.health, HEALTH_REFERENCE, at(10));
	health_drops(&fitness.health, (struct health_packets){94, 6}, at(10));
	assert_int_equal(fitness_judge(&fitness, at(10)), BW_WHY_CAPTURE_DROPPED);
	assert_int_equal(fitness_judge(&fitness, at(11)),
			 BW_WHY_CAPTURE_DROPPED | BW_WHY_VANTAGE_OFFLINE);
	health_drops(&fitness.health, (struct health_packets){94 + 95, 6 + 5},
		     at(25)); /* 5 %, not more */
	assert_int_equal(fitness_judge(&fitness, at(10)), 0);
}

static void test_two_targets_do_not_fall_silent_together_behind_a_live_gateway(void **state)
{
	struct fitness one = fitness_of(1), two = fitness_of(2);

	(void)state;
	health_answered(&one.health, HEALTH_GATEWAY, at(10));
	two.health = one.health;
	assert_int_equal(fitness_judge(&one, at(10)), 0);
	assert_int_equal(fitness_judge(&two, at(10)), BW_WHY_VANTAGE_OFFLINE);
	health_answered(&one.health, HEALTH_BLOCK, at(5));
	health_answered(&two.health, HEALTH_BLOCK, at(5));
	assert_int_equal(fitness_judge(&one, at(10)), 0);
	assert_int_equal(fitness_judge(&two, at(10)), BW_WHY_VANTAGE_OFFLINE);
	two.reasons = BW_WHY_VANTAGE_OFFLINE;
	two.since = at(9);
	assert_false(fitness_is_back(&two)); /* by the gateway alone */
	health_answered(&two.health, HEALTH_BLOCK, at(10));
	assert_int_equal(fitness_judge(&two, at(10)), 0);
	assert_true(fitness_is_back(&two));
}

static void test_a_reference_vouches_for_two_silent_targets(void **state)
{
	struct fitness fitness = fitness_of(2);

	(void)state;
	health_answered(&fitness.health, HEALTH_BLOCK, at(5));
	health_answered(&fitness.health, HEALTH_REFERENCE, at(10));
	assert_int_equal(fitness_judge(&fitness, at(10)), 0);
}

static void test_sentinels_are_given_six_seconds_and_the_timeout(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	assert_false(fitness_is_settled(&fitness, TIMEOUT, at(8.9)));
	assert_true(fitness_is_settled(&fitness, TIMEOUT, at(9)));
	health_answered(&fitness.health, HEALTH_REFERENCE, at(20));
	assert_int_equal(fitness_lost(&fitness, TIMEOUT, at(29)), 0);
	assert_int_equal(fitness_lost(&fitness, TIMEOUT, at(29.1)), BW_WHY_VANTAGE_OFFLINE);
}

static void test_sentinels_that_never_answered_do_not_make_it_blind(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	assert_int_equal(fitness_lost(&fitness, TIMEOUT, at(100)), 0);
	health_answered(&fitness.health, HEALTH_BLOCK, at(20)); /* no sentinel */
	assert_int_equal(fitness_lost(&fitness, TIMEOUT, at(100)), 0);
}

static void test_a_blind_vantage_is_not_lost_again(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	health_answered(&fitness.health, HEALTH_REFERENCE, at(20));
	fitness.reasons = BW_WHY_INTERFACE_DOWN;
	assert_int_equal(fitness_lost(&fitness, TIMEOUT, at(100)), 0);
}

static void test_it_is_back_with_a_sign_of_life_unless_the_owner_holds_it(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	health_answered(&fitness.health, HEALTH_REFERENCE, at(20));
	assert_false(fitness_is_back(&fitness)); /* it was not away */
	fitness.reasons = BW_WHY_VANTAGE_OFFLINE;
	fitness.since = at(30);
	assert_false(fitness_is_back(&fitness));
	health_answered(&fitness.health, HEALTH_REFERENCE, at(31));
	assert_true(fitness_is_back(&fitness));
	fitness.held = true;
	assert_false(fitness_is_back(&fitness));
}

static void test_a_check_looks_back_for_five_seconds_or_to_its_start(void **state)
{
	struct fitness fitness = fitness_of(0);

	(void)state;
	health_answered(&fitness.health, HEALTH_REFERENCE, at(1));
	assert_int_equal(fitness_recent(&fitness, at(6)), 0);
	assert_int_equal(fitness_recent(&fitness, at(6.1)), BW_WHY_VANTAGE_OFFLINE);
	fitness_init(&fitness, at(0));
	health_answered(&fitness.health, HEALTH_REFERENCE, at(-0.5)); /* before the start */
	assert_int_equal(fitness_recent(&fitness, at(1)), BW_WHY_VANTAGE_OFFLINE);
}

static void test_a_reload_keeps_signs_of_life_and_blindness_but_not_the_start(void **state)
{
	struct fitness before = fitness_of(1), after;

	(void)state;
	health_answered(&before.health, HEALTH_REFERENCE, at(20));
	before.reasons = BW_WHY_VANTAGE_OFFLINE;
	before.since = at(30);
	before.held = true;
	fitness_init(&after, at(40));
	after.targets = 5;
	fitness_inherit(&after, &before);
	assert_true(after.health.seen[HEALTH_REFERENCE]);
	assert_int_equal(after.health.life[HEALTH_REFERENCE].ns, at(20).ns);
	assert_int_equal(after.reasons, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(after.since.ns, at(30).ns);
	assert_true(after.held);
	assert_int_equal(after.awake.ns, at(40).ns);
	assert_int_equal(after.targets, 5);
}

/* The new transport counts from 0, and it drops nothing. */
static void test_a_reload_does_not_compare_counters_of_two_transports(void **state)
{
	struct fitness before = fitness_of(1), after;

	(void)state;
	health_answered(&before.health, HEALTH_REFERENCE, at(40));
	health_drops(&before.health, (struct health_packets){100000, 500}, at(30));
	fitness_init(&after, at(40));
	fitness_inherit(&after, &before);
	health_drops(&after.health, (struct health_packets){10, 0}, at(41));
	assert_int_equal(fitness_judge(&after, at(40)), 0);
	health_drops(&after.health, (struct health_packets){20, 10}, at(42));
	assert_int_equal(fitness_judge(&after, at(40)), BW_WHY_CAPTURE_DROPPED);
}

static void test_drops_make_it_blind_also_where_no_sentinel_has_ever_answered(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	health_answered(&fitness.health, HEALTH_BLOCK, at(20));
	health_drops(&fitness.health, (struct health_packets){50, 50}, at(21));
	assert_int_equal(fitness_lost(&fitness, TIMEOUT, at(21)), BW_WHY_CAPTURE_DROPPED);
}

static struct outcome error_of(uint8_t ttl, double seconds)
{
	return (struct outcome){.kind = OUTCOME_ERROR, .ttl = ttl, .sent = at(seconds)};
}

static void test_an_error_of_a_far_router_is_a_sign_of_life_of_the_line(void **state)
{
	const struct outcome near = error_of(254, 10), far = error_of(253, 10);
	struct fitness fitness = fitness_of(1);

	(void)state;
	fitness_take_error(&fitness, &near); /* the second hop: it may be cut off itself */
	assert_int_equal(fitness_judge(&fitness, at(10)), BW_WHY_NO_SIGN_OF_LIFE);
	fitness_take_error(&fitness, &far);
	assert_int_equal(fitness_judge(&fitness, at(10)), 0);
	assert_int_equal(fitness_judge(&fitness, at(11)), BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(fitness_lost(&fitness, TIMEOUT, at(100)), 0); /* no sentinel */
	health_answered(&fitness.health, HEALTH_REFERENCE, at(5));
	assert_int_equal(fitness_judge(&fitness, at(10)), BW_WHY_VANTAGE_OFFLINE);
}

static void test_errors_do_not_vouch_for_two_silent_targets(void **state)
{
	const struct outcome far = error_of(60, 10);
	struct fitness fitness = fitness_of(2);

	(void)state;
	health_answered(&fitness.health, HEALTH_BLOCK, at(5));
	fitness_take_error(&fitness, &far);
	assert_int_equal(fitness_judge(&fitness, at(10)), BW_WHY_VANTAGE_OFFLINE);
}

static void test_reasons_that_are_found_add_up_and_are_taken_once(void **state)
{
	struct fitness fitness = fitness_of(1);

	(void)state;
	fitness_find_blind(&fitness, BW_WHY_VANTAGE_OFFLINE);
	fitness_find_blind(&fitness, BW_WHY_CONNTRACK_FULL);
	assert_int_equal(fitness.reasons, 0);
	assert_int_equal(fitness_take_found(&fitness),
			 BW_WHY_VANTAGE_OFFLINE | BW_WHY_CONNTRACK_FULL);
	assert_int_equal(fitness_take_found(&fitness), 0);
}

/* A start amid a cut: nothing says that it is healthy before something is heard. */
static void test_a_start_shows_nothing_until_it_is_heard(void **state)
{
	struct fitness fitness = fitness_of(1), reloaded;

	(void)state;
	assert_int_equal(fitness_unheard(&fitness), BW_WHY_NO_SIGN_OF_LIFE);
	fitness.health.seen[HEALTH_REFERENCE] = true; /* it is known from before */
	health_answered(&fitness.health, HEALTH_GATEWAY, at(1));
	assert_int_equal(fitness_unheard(&fitness), BW_WHY_VANTAGE_OFFLINE);
	health_answered(&fitness.health, HEALTH_REFERENCE, at(2));
	assert_int_equal(fitness_unheard(&fitness), 0);
	/* A reload is no start. */
	fitness_init(&reloaded, at(60));
	fitness_inherit(&reloaded, &fitness);
	assert_int_equal(fitness_unheard(&reloaded), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_any_answer_silence_proves_nothing),
		cmocka_unit_test(test_an_answer_as_young_as_the_silence_makes_it_count),
		cmocka_unit_test(test_the_gateway_is_enough_until_a_reference_has_answered),
		cmocka_unit_test(test_another_block_is_a_sign_of_life),
		cmocka_unit_test(test_capture_drops_are_a_reason_until_there_are_none),
		cmocka_unit_test(
			test_two_targets_do_not_fall_silent_together_behind_a_live_gateway),
		cmocka_unit_test(test_a_reference_vouches_for_two_silent_targets),
		cmocka_unit_test(test_sentinels_are_given_six_seconds_and_the_timeout),
		cmocka_unit_test(test_sentinels_that_never_answered_do_not_make_it_blind),
		cmocka_unit_test(test_a_blind_vantage_is_not_lost_again),
		cmocka_unit_test(test_it_is_back_with_a_sign_of_life_unless_the_owner_holds_it),
		cmocka_unit_test(test_a_check_looks_back_for_five_seconds_or_to_its_start),
		cmocka_unit_test(test_a_reload_keeps_signs_of_life_and_blindness_but_not_the_start),
		cmocka_unit_test(test_a_reload_does_not_compare_counters_of_two_transports),
		cmocka_unit_test(test_drops_make_it_blind_also_where_no_sentinel_has_ever_answered),
		cmocka_unit_test(test_an_error_of_a_far_router_is_a_sign_of_life_of_the_line),
		cmocka_unit_test(test_errors_do_not_vouch_for_two_silent_targets),
		cmocka_unit_test(test_a_start_shows_nothing_until_it_is_heard),
		cmocka_unit_test(test_reasons_that_are_found_add_up_and_are_taken_once),
	};

	return cmocka_run_group_tests_name("vantage/fitness", tests, NULL, NULL);
}
