/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/usual.h"
#include "infer/usual_sum.h"

#define ROUND_S 60

/* A block, and what its last round has done. */
struct play {
	struct usual usual;
	struct out_of_range ranges[BW_RANGES];
	uint32_t now_s;
	enum out_of_range_step steps[BW_RANGES];
	unsigned entered[BW_RANGES], left[BW_RANGES];
};

static struct usual_round begin(const struct play *play, double rtt_ms)
{
	return (struct usual_round){
		.rtt_ns = rtt_ms < 0 ? -1 : (int64_t)(rtt_ms * (double)BW_MS),
		.length = 1,
		.began_s = play->now_s,
		.now_s = play->now_s + ROUND_S,
	};
}

static void end(struct play *play, struct usual_round *round)
{
	usual_end_round(&play->usual, play->ranges, round, play->steps);
	play->now_s += ROUND_S;
	for (unsigned i = 0; i < BW_RANGES; i++) {
		play->entered[i] += play->steps[i] == OUT_OF_RANGE_ENTERED;
		play->left[i] += play->steps[i] == OUT_OF_RANGE_LEFT;
	}
}

/* COUNT rounds of four probes to hosts 0 to 3, of which every Nth is lost at first; 0: none. */
static void rounds(struct play *play, unsigned count, unsigned nth, double rtt_ms)
{
	for (unsigned n = 0; n < count; n++) {
		struct usual_round round = begin(play, rtt_ms);

		for (uint16_t host = 0; host < 4; host++) {
			if (nth > 0 && (4 * n + host) % nth == 0)
				usual_note(&play->usual, host, false, &round);
			usual_note(&play->usual, host, true, &round);
		}
		end(play, &round);
	}
}

static struct play learned(void)
{
	struct play play = {.now_s = 1000};

	rounds(&play, USUAL_LEARNED, 0, 80);
	assert_true(usual_is_learned(&play.usual));
	return play;
}

static void test_nothing_is_said_before_it_is_learned(void **state)
{
	struct play play = {.now_s = 1000};

	(void)state;
	rounds(&play, USUAL_LEARNED, 2, 80);
	assert_int_equal(play.entered[BW_RANGE_LOSS], 0);
	rounds(&play, 200, 2, 80); /* that is its usual loss */
	assert_int_equal(play.entered[BW_RANGE_LOSS], 0);
	assert_float_equal(usual_loss(play.usual.loss), 1 / 3.0, 0.05);
}

static void test_loss_of_a_third_is_said_and_its_end(void **state)
{
	struct play play = learned();
	uint32_t began_s = play.now_s;

	(void)state;
	rounds(&play, 30, 2, 80);
	assert_int_equal(play.entered[BW_RANGE_LOSS], 1);
	assert_int_equal(play.entered[BW_RANGE_DELAY], 0);
	assert_in_range(play.ranges[BW_RANGE_LOSS].since_s, began_s, began_s + 2 * ROUND_S);
	assert_float_equal(usual_loss(play.usual.loss_now), 1 / 3.0, 0.05);
	assert_true(usual_loss(play.usual.loss) < 0.15);
	rounds(&play, 30, 0, 80);
	assert_int_equal(play.left[BW_RANGE_LOSS], 1);
	assert_float_equal(usual_loss(play.usual.loss_now), 0, 0.01);
}

static void test_one_lossy_round_is_nothing(void **state)
{
	struct play play = learned();

	(void)state;
	for (unsigned n = 0; n < 50; n++) {
		rounds(&play, 1, 1, 80);
		rounds(&play, 9, 0, 80);
	}
	assert_int_equal(play.entered[BW_RANGE_LOSS], 0);
}

/* Rounds that follow each other at once, as those of a block in question, are one round. */
static void test_a_burst_of_rounds_is_one_round(void **state)
{
	struct play play = learned();

	(void)state;
	for (unsigned n = 0; n < 10; n++) {
		struct usual_round round = begin(&play, 80);

		round.length = 0.1F;
		for (uint16_t host = 0; host < 2; host++) {
			usual_note(&play.usual, host, false, &round);
			usual_note(&play.usual, host, true, &round);
		}
		end(&play, &round);
	}
	assert_int_equal(play.entered[BW_RANGE_LOSS], 0);
}

/* In each round one of four hosts answers only after its round, as on a way that got longer. */
static void test_late_answers_are_no_loss(void **state)
{
	struct play play = learned();

	(void)state;
	for (uint16_t n = 0; n < 60; n++) {
		struct usual_round round = begin(&play, 80);

		for (uint16_t host = 0; host < 4; host++)
			usual_note(&play.usual, host, host != n % 4, &round);
		end(&play, &round);
		usual_hear_late(&play.usual, n % 4);
	}
	assert_int_equal(play.entered[BW_RANGE_LOSS], 0);
	assert_int_equal(play.usual.silences0 + play.usual.silences1 + play.usual.unheard, 0);
}

/* Hosts that go off are silent, and others answer in their place. */
static void test_hosts_that_go_off_are_no_loss(void **state)
{
	struct play play = learned();

	(void)state;
	for (uint16_t host = 0; host < 200; host++) {
		struct usual_round round = begin(&play, 80);

		usual_note(&play.usual, host, false, &round);
		usual_note(&play.usual, host, false, &round);
		usual_note(&play.usual, 1000, true, &round);
		end(&play, &round);
	}
	assert_int_equal(play.entered[BW_RANGE_LOSS], 0);
	assert_true(play.usual.loss == 0);
}

/* An outage of two rounds; a host that answers again a day later. */
static void test_outages_and_hosts_that_come_back_are_no_loss(void **state)
{
	struct play play = learned();
	struct usual_round round;

	(void)state;
	for (unsigned n = 0; n < 20; n++) {
		round = begin(&play, -1);
		for (uint16_t host = 0; host < 4; host++)
			usual_note(&play.usual, host, false, &round);
		end(&play, &round);
		usual_forget_present(&play.usual);
		rounds(&play, 5, 0, 80);
	}
	assert_true(usual_loss(play.usual.loss) == 0);
	round = begin(&play, 80);
	usual_note(&play.usual, 7, false, &round);
	end(&play, &round);
	rounds(&play, 20, 0, 80);
	round = begin(&play, 80);
	usual_note(&play.usual, 7, true, &round);
	assert_true(round.lost == 0);
}

static void test_a_longer_delay_is_said_and_its_end(void **state)
{
	struct play play = learned();

	(void)state;
	rounds(&play, 3, 0, 330);
	assert_int_equal(play.entered[BW_RANGE_DELAY], 0);
	rounds(&play, 10, 0, 330);
	assert_int_equal(play.entered[BW_RANGE_DELAY], 1);
	assert_int_equal(play.entered[BW_RANGE_LOSS], 0);
	assert_true(usual_is_slow(&play.usual));
	assert_float_equal((double)usual_rtt_ns(play.usual.delay) / (double)BW_MS, 80, 2);
	assert_float_equal((double)usual_rtt_ns(play.usual.delay_now) / (double)BW_MS, 330, 20);
	rounds(&play, 30, 0, 80);
	assert_int_equal(play.left[BW_RANGE_DELAY], 1);
	assert_int_equal(play.entered[BW_RANGE_DELAY], 1);
}

/* Twice as long is nothing where it is a few milliseconds, and where it is so every day. */
static void test_small_and_usual_changes_of_delay_are_nothing(void **state)
{
	struct play play = {.now_s = 1000};

	(void)state;
	rounds(&play, USUAL_LEARNED, 0, 4);
	rounds(&play, 100, 0, 9);
	assert_int_equal(play.entered[BW_RANGE_DELAY], 0);
	play = (struct play){.now_s = 1000};
	for (unsigned n = 0; n < 300; n++)
		rounds(&play, 1, 0, n % 5 ? 60 : 400);
	assert_int_equal(play.entered[BW_RANGE_DELAY], 0);
}

/* A new way that stays is the usual one some weeks later. */
static void test_what_lasts_becomes_usual(void **state)
{
	struct play play = learned();

	(void)state;
	rounds(&play, 60 * 24 * 40, 0, 160);
	assert_int_equal(play.entered[BW_RANGE_DELAY], 1);
	assert_int_equal(play.left[BW_RANGE_DELAY], 1);
	assert_float_equal((double)usual_rtt_ns(play.usual.delay) / (double)BW_MS, 160, 40);
}

static void test_units(void **state)
{
	(void)state;
	assert_int_equal(usual_delay_of(-1), 0);
	assert_true(usual_rtt_ns(0) == -1);
	for (int64_t ns = 2 * BW_US; ns < 60 * BW_S; ns = ns * 7 / 3)
		assert_float_equal((double)usual_rtt_ns(usual_delay_of(ns)) / (double)ns, 1, 0.001);
	assert_int_equal(usual_loss_of(1), 65535);
	assert_int_equal(usual_loss_of(2), 65535);
	assert_float_equal(usual_loss(usual_loss_of(0.3)), 0.3, 0.001);
	assert_true(usual_weigh_loss(0.3, 7, 3, false) < 0);
	assert_true(usual_weigh_loss(0.02, 7, 3, false) > 0);
	assert_true(usual_weigh_loss(0.02, 9, 1, false) < 0);
	assert_true(usual_weigh_loss(0.02, 9, 1, true) > 0);
	assert_true(usual_weigh_loss(1, 1, 1, false) < 0);
}

/* The first LOSSY of COUNT blocks lose a half, those behind them nothing. */
static unsigned play_sum(struct usual_sum *sum, unsigned count, unsigned lossy, unsigned times)
{
	const struct usual usual = learned().usual;
	enum out_of_range_step steps[BW_RANGES];
	unsigned entered = 0;

	for (unsigned n = 0; n < times; n++) {
		for (unsigned i = 0; i < count; i++)
			usual_sum_add(sum, &usual,
				      &(struct usual_round){.answered = 1,
							    .lost = i < lossy,
							    .rtt_ns = 80 * BW_MS});
		usual_sum_end_round(sum, 1000 + n * ROUND_S, 1060 + n * ROUND_S, steps);
		entered += steps[BW_RANGE_LOSS] == OUT_OF_RANGE_ENTERED;
		assert_int_equal(steps[BW_RANGE_DELAY], OUT_OF_RANGE_SAME);
	}
	return entered;
}

static void test_a_sum_is_out_of_range_when_its_blocks_are(void **state)
{
	struct usual_sum sum = {0};

	(void)state;
	assert_int_equal(play_sum(&sum, 8, 0, 20), 0);
	assert_int_equal(play_sum(&sum, 8, 8, 3), 0);
	assert_int_equal(play_sum(&sum, 8, 8, 1), 1);
	assert_float_equal(usual_sum_loss_now(&sum), 0.4, 0.15);
	assert_float_equal(usual_sum_loss(&sum), 0, 0.01);
	sum = (struct usual_sum){0};
	assert_int_equal(play_sum(&sum, 20, 1, 100), 0); /* one block of twenty */
}

/* Rounds of ten blocks with this present loss, one of which has lost a probe. */
static bool sum_is_out(double loss_now)
{
	struct usual usual = learned().usual;
	enum out_of_range_step steps[BW_RANGES];
	struct usual_sum sum = {0};

	usual.loss_now = usual_loss_of(loss_now);
	for (unsigned n = 0; n < 30; n++) {
		for (unsigned i = 0; i < 10; i++)
			usual_sum_add(&sum, &usual,
				      &(struct usual_round){.answered = 1,
							    .lost = i == 0,
							    .rtt_ns = 80 * BW_MS});
		usual_sum_end_round(&sum, 1000, 1060, steps);
	}
	return sum.range[BW_RANGE_LOSS].is_out;
}

/* Where a quarter is lost, hosts that are silent twice leave the list and are not heard of. */
static void test_a_lost_probe_stands_for_those_of_hosts_that_left_the_list(void **state)
{
	(void)state;
	assert_false(sum_is_out(0));
	assert_true(sum_is_out(0.25));
}

static void test_a_sum_without_an_answer_stays_as_it_is(void **state)
{
	struct usual_sum sum = {0};
	enum out_of_range_step steps[BW_RANGES];

	(void)state;
	(void)play_sum(&sum, 8, 8, 10);
	assert_true(sum.range[BW_RANGE_LOSS].is_out);
	for (unsigned n = 0; n < 100; n++)
		usual_sum_end_round(&sum, 5000, 5060, steps);
	assert_true(sum.range[BW_RANGE_LOSS].is_out);
}

static void test_a_sum_is_slow_when_half_of_its_blocks_are(void **state)
{
	struct play slow = learned();
	const struct usual usual = learned().usual;
	const struct usual_round round = {.answered = 1, .rtt_ns = 330 * BW_MS};
	enum out_of_range_step steps[BW_RANGES];
	struct usual_sum sum = {0};

	(void)state;
	rounds(&slow, 10, 0, 330);
	for (unsigned n = 0; n < 8; n++) {
		usual_sum_add(&sum, &usual, &round);
		usual_sum_add(&sum, &usual, &round);
		usual_sum_add(&sum, &slow.usual, &round);
		usual_sum_end_round(&sum, 1000, 1060, steps);
	}
	assert_false(sum.range[BW_RANGE_DELAY].is_out);
	for (unsigned n = 0; n < 4; n++) {
		usual_sum_add(&sum, &usual, &round);
		usual_sum_add(&sum, &slow.usual, &round);
		usual_sum_end_round(&sum, 1000, 1060, steps);
	}
	assert_true(sum.range[BW_RANGE_DELAY].is_out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_said_before_it_is_learned),
		cmocka_unit_test(test_loss_of_a_third_is_said_and_its_end),
		cmocka_unit_test(test_one_lossy_round_is_nothing),
		cmocka_unit_test(test_a_burst_of_rounds_is_one_round),
		cmocka_unit_test(test_late_answers_are_no_loss),
		cmocka_unit_test(test_hosts_that_go_off_are_no_loss),
		cmocka_unit_test(test_outages_and_hosts_that_come_back_are_no_loss),
		cmocka_unit_test(test_a_longer_delay_is_said_and_its_end),
		cmocka_unit_test(test_small_and_usual_changes_of_delay_are_nothing),
		cmocka_unit_test(test_what_lasts_becomes_usual),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_a_sum_is_out_of_range_when_its_blocks_are),
		cmocka_unit_test(test_a_lost_probe_stands_for_those_of_hosts_that_left_the_list),
		cmocka_unit_test(test_a_sum_without_an_answer_stays_as_it_is),
		cmocka_unit_test(test_a_sum_is_slow_when_half_of_its_blocks_are),
	};

	return cmocka_run_group_tests_name("infer/usual", tests, NULL, NULL);
}
