/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/watch/schedule/schedule.h"

#define ROUND_S 60
#define CONFIRM_S 10
#define TICK_S 0.001
#define BLOCKS 16 /* of both targets */

/* Four blocks and eight. */
static const char lines[] = "a 198.18.0.0/22 3\n"
			    "b 198.19.0.0/21 3\n";

static const struct vantage_plan plans[] = {
	{ROUND_S * BW_S, CONFIRM_S *BW_S, 3600},
	{ROUND_S * BW_S, CONFIRM_S *BW_S, 3600},
};

struct rig {
	struct fixture *f;
	struct wheel *wheel;
	struct rng rng;
	struct allowance allowance;
	struct schedule schedule;
	struct round_table rounds;
};

static void setup(struct rig *rig, uint64_t seed)
{
	struct schedule borrowed = {
		.allowance = &rig->allowance,
		.rng = &rig->rng,
	};

	rig->f = fixture_new(lines, true);
	rig->rng = rng_of(seed);
	rig->wheel = wheel_new(BLOCKS, BW_MS, fixture_mono(0));
	assert_non_null(rig->wheel);
	assert_int_equal(allowance_init(&rig->allowance, rig->f->ledger, plans), 0);
	assert_int_equal(round_table_init(&rig->rounds, BLOCKS), 0);
	borrowed.ledger = rig->f->ledger;
	borrowed.wheel = rig->wheel;
	borrowed.order = permutation_of(rig->f->roster.block_count, seed);
	assert_int_equal(schedule_init(&rig->schedule, &borrowed), 0);
}

static void teardown(struct rig *rig)
{
	schedule_fini(&rig->schedule);
	round_table_fini(&rig->rounds);
	allowance_fini(&rig->allowance);
	wheel_free(rig->wheel);
	fixture_free(rig->f);
}

/* Sets the clock to the moment at which the next number expires, and returns that number. */
static uint32_t expire(struct rig *rig)
{
	uint32_t id;

	for (unsigned i = 0; i < 1000; i++) {
		if (wheel_expire(rig->wheel, rig->f->ledger->now.mono, &id))
			return id;
		rig->f->ledger->now.mono = wheel_next(rig->wheel);
	}
	fail_msg("nothing expires");
	return 0;
}

static double seconds(const struct rig *rig)
{
	return (double)bw_mono_since(rig->f->ledger->now.mono, fixture_mono(0)) / (double)BW_S;
}

static void assert_about(double value, double wanted, double tolerance)
{
	if (value < wanted - tolerance || value > wanted + tolerance)
		fail_msg("%f is not %f within %f", value, wanted, tolerance);
}

static void test_spread_gives_the_blocks_of_a_target_equal_distances(void **state)
{
	const unsigned counts[] = {4, 8};
	double last[2] = {-1, -1};
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	schedule_spread(&rig.schedule);
	for (unsigned i = 0; i < 12; i++) {
		uint32_t t = roster_target_of(&rig.f->roster, expire(&rig));
		double step = (double)ROUND_S / counts[t];

		if (last[t] < 0)
			assert_about(seconds(&rig), step / 2, step / 2 + TICK_S);
		else
			assert_about(seconds(&rig) - last[t], step, 2 * TICK_S);
		last[t] = seconds(&rig);
	}
	teardown(&rig);
}

static void test_spread_gives_each_block_and_each_target_one_place(void **state)
{
	unsigned seen[BLOCKS] = {0};
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	schedule_spread(&rig.schedule);
	for (unsigned i = 0; i < 12; i++)
		seen[expire(&rig)]++;
	for (unsigned i = 0; i < 12; i++)
		assert_int_equal(seen[i], 1);
	assert_int_equal(expire(&rig), 12);
	assert_about(seconds(&rig), ROUND_S, TICK_S);
	assert_int_equal(expire(&rig), 13);
	teardown(&rig);
}

/* However often a way was lost. */
static void test_a_way_is_spread_over_one_round_each_time(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	schedule_spread(&rig.schedule);
	for (unsigned times = 0; times < 3; times++)
		schedule_spread_way(&rig.schedule, 0);
	for (unsigned i = 0; i < 12; i++)
		assert_true(expire(&rig) < 12);
	assert_true(seconds(&rig) < ROUND_S);
	teardown(&rig);
}

static void test_the_order_of_blocks_depends_on_the_seed(void **state)
{
	struct rig one, other;
	unsigned differ = 0;

	(void)state;
	setup(&one, 1);
	setup(&other, 2);
	schedule_spread(&one.schedule);
	schedule_spread(&other.schedule);
	for (unsigned i = 0; i < 12; i++)
		differ += expire(&one) != expire(&other);
	assert_true(differ >= 4);
	teardown(&one);
	teardown(&other);
}

/* Only BLOCK is armed: its round begins and ends in the same moment, N times. */
static void play_rounds(struct rig *rig, uint32_t block, unsigned n, double slots)
{
	double step = ROUND_S / slots, least = 1, most = -1;

	rig->f->ledger->tracks[block].slot = rig->f->ledger->now.mono;
	for (unsigned k = 1; k <= n; k++) {
		double off;

		schedule_next(&rig->schedule, block);
		assert_int_equal(expire(rig), block);
		off = (seconds(rig) - k * step) / step;
		assert_about(off, 0, 0.1 + TICK_S);
		least = off < least ? off : least;
		most = off > most ? off : most;
	}
	assert_true(least < -0.08);
	assert_true(most > 0.08);
}

static void test_a_calm_block_keeps_its_slot_within_a_tenth_of_a_round(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	rig.f->ledger->blocks[3].verdict = BW_UP;
	play_rounds(&rig, 3, 200, 1);
	teardown(&rig);
}

static void test_a_suspect_block_has_four_rounds_in_the_time_of_one(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	rig.f->ledger->blocks[3].verdict = BW_UP;
	block_set_condition(&rig.f->ledger->blocks[3], BW_SUSPECT, true);
	play_rounds(&rig, 3, 200, 4);
	teardown(&rig);
}

static void test_a_dark_block_has_two_rounds_in_the_time_of_one(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	rig.f->ledger->blocks[3].verdict = BW_DARK;
	play_rounds(&rig, 3, 200, 2);
	teardown(&rig);
}

static void test_a_slot_that_is_less_than_half_a_round_away_is_left_out(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	rig.f->ledger->tracks[0].slot = fixture_mono(0);
	fixture_set_time(rig.f, 0.4 * ROUND_S);
	schedule_next(&rig.schedule, 0);
	(void)expire(&rig);
	assert_about(seconds(&rig), ROUND_S, 0.1 * ROUND_S + TICK_S);

	rig.f->ledger->tracks[0].slot = fixture_mono(ROUND_S);
	fixture_set_time(rig.f, 1.6 * ROUND_S);
	schedule_next(&rig.schedule, 0);
	(void)expire(&rig);
	assert_about(seconds(&rig), 3 * ROUND_S, 0.1 * ROUND_S + TICK_S);
	teardown(&rig);
}

static void leave(struct rig *rig, uint32_t block, unsigned left)
{
	while (allowance_left(&rig->allowance, block) > left)
		allowance_take(&rig->allowance, block);
}

static void test_urge_makes_a_block_due_now_unless_only_the_reserve_is_left(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	leave(&rig, 5, 4);
	assert_true(schedule_urge(&rig.schedule, 5));
	assert_true(rig.f->ledger->tracks[5].urgent);
	assert_int_equal(expire(&rig), 5);
	assert_about(seconds(&rig), 0, TICK_S);

	leave(&rig, 6, 3);
	assert_false(schedule_urge(&rig.schedule, 6));
	assert_false(rig.f->ledger->tracks[6].urgent);
	assert_false(wheel_is_armed(rig.wheel, 6));
	teardown(&rig);
}

static void test_siblings_that_are_calm_and_of_the_same_target_are_urged(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	(void)round_table_take(&rig.rounds, 0);
	rig.f->ledger->blocks[1].verdict = BW_DARK;
	rig.f->ledger->blocks[2].verdict = BW_UP;
	schedule_urge_siblings(&rig.schedule, 0, &rig.rounds);
	assert_false(wheel_is_armed(rig.wheel, 0)); /* its round is under way */
	assert_false(wheel_is_armed(rig.wheel, 1)); /* it is dark */
	assert_true(wheel_is_armed(rig.wheel, 2));
	assert_true(wheel_is_armed(rig.wheel, 3)); /* unknown */
	for (uint32_t other = 4; other < 12; other++)
		assert_false(wheel_is_armed(rig.wheel, other));
	teardown(&rig);
}

static void test_siblings_are_urged_once_in_confirm(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	schedule_urge_siblings(&rig.schedule, 0, &rig.rounds);
	wheel_cancel(rig.wheel, 3);
	fixture_set_time(rig.f, CONFIRM_S - 1);
	schedule_urge_siblings(&rig.schedule, 1, &rig.rounds);
	assert_false(wheel_is_armed(rig.wheel, 3));
	schedule_urge_siblings(&rig.schedule, 4, &rig.rounds); /* another target */
	assert_true(wheel_is_armed(rig.wheel, 11));
	fixture_set_time(rig.f, CONFIRM_S);
	schedule_urge_siblings(&rig.schedule, 1, &rig.rounds);
	assert_true(wheel_is_armed(rig.wheel, 3));
	teardown(&rig);
}

static void test_a_round_begins_when_there_is_room_else_a_second_later(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	assert_true(schedule_begins(&rig.schedule, 0, true));
	assert_false(wheel_is_armed(rig.wheel, 0));
	assert_false(schedule_begins(&rig.schedule, 0, false));
	assert_int_equal(expire(&rig), 0);
	assert_about(seconds(&rig), 1, TICK_S);
	assert_int_equal(rig.f->count, 0);
	teardown(&rig);
}

static void test_a_round_that_is_due_while_blind_is_reported_without_probes(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, 1);
	rig.f->ledger->ways.of[0].reasons = BW_WHY_VANTAGE_OFFLINE;
	rig.f->ledger->tracks[0].slot = fixture_mono(0);
	assert_false(schedule_begins(&rig.schedule, 0, true));
	assert_int_equal(fixture_record_of(rig.f, RECORD_BLOCK, 0)->block.sent, 0);
	assert_int_equal(fixture_record_of(rig.f, RECORD_BLOCK, 0)->block.reasons,
			 BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(expire(&rig), 0);
	assert_about(seconds(&rig), ROUND_S, 0.1 * ROUND_S + TICK_S);
	teardown(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spread_gives_the_blocks_of_a_target_equal_distances),
		cmocka_unit_test(test_spread_gives_each_block_and_each_target_one_place),
		cmocka_unit_test(test_a_way_is_spread_over_one_round_each_time),
		cmocka_unit_test(test_the_order_of_blocks_depends_on_the_seed),
		cmocka_unit_test(test_a_calm_block_keeps_its_slot_within_a_tenth_of_a_round),
		cmocka_unit_test(test_a_suspect_block_has_four_rounds_in_the_time_of_one),
		cmocka_unit_test(test_a_dark_block_has_two_rounds_in_the_time_of_one),
		cmocka_unit_test(test_a_slot_that_is_less_than_half_a_round_away_is_left_out),
		cmocka_unit_test(test_urge_makes_a_block_due_now_unless_only_the_reserve_is_left),
		cmocka_unit_test(test_siblings_that_are_calm_and_of_the_same_target_are_urged),
		cmocka_unit_test(test_siblings_are_urged_once_in_confirm),
		cmocka_unit_test(test_a_round_begins_when_there_is_room_else_a_second_later),
		cmocka_unit_test(test_a_round_that_is_due_while_blind_is_reported_without_probes),
	};

	return cmocka_run_group_tests_name("vantage/schedule", tests, NULL, NULL);
}
