/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/watch/round/control_group.h"

/* Blocks 0 to 15, 16 to 31 and 32 to 47. */
static const char three[] = "a 198.18.0.0/20 3\n"
			    "b 198.18.16.0/20 3\n"
			    "c 198.18.32.0/20 3\n";
static const char two[] = "a 198.18.0.0/20 3\n"
			  "b 198.18.16.0/20 3\n";

static const struct vantage_plan plans[] = {
	{60 * BW_S, 10 * BW_S, 20},
	{60 * BW_S, 10 * BW_S, 20},
	{60 * BW_S, 10 * BW_S, 20},
};

struct rig {
	struct fixture *f;
	struct rng rng;
	struct allowance allowance;
	struct schedule schedule;
	struct round_table rounds;
	struct round round; /* of block 0, which is silent */
};

static void setup(struct rig *rig, const char *lines)
{
	struct schedule borrowed = {.allowance = &rig->allowance, .rng = &rig->rng};

	*rig = (struct rig){.f = fixture_new(lines, true), .rng = rng_of(1)};
	assert_int_equal(allowance_init(&rig->allowance, rig->f->ledger, plans), 0);
	assert_int_equal(round_table_init(&rig->rounds, 64), 0);
	borrowed.ledger = rig->f->ledger;
	borrowed.wheel = wheel_new(64, BW_MS, fixture_mono(0));
	borrowed.order = permutation_of(rig->f->roster.block_count, 1);
	assert_int_equal(schedule_init(&rig->schedule, &borrowed), 0);
	for (uint32_t i = 0; i < rig->f->roster.block_count; i++)
		rig->f->ledger->blocks[i].verdict = BW_UP;
	(void)round_table_take(&rig->rounds, 0);
	rig->round.controls_at = BW_NEVER;
}

static void teardown(struct rig *rig)
{
	wheel_free(rig->schedule.wheel);
	schedule_fini(&rig->schedule);
	round_table_fini(&rig->rounds);
	allowance_fini(&rig->allowance);
	fixture_free(rig->f);
}

static unsigned urgent(const struct rig *rig, uint32_t first, uint32_t end)
{
	unsigned count = 0;

	for (uint32_t i = first; i < end; i++)
		count += rig->f->ledger->tracks[i].urgent;
	return count;
}

static void ask(struct rig *rig)
{
	control_group_ask(&rig->schedule, &rig->rounds, 0, &rig->round);
}

static void test_with_three_targets_ten_blocks_of_others_have_a_round_at_once(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, three);
	ask(&rig);
	assert_int_equal(urgent(&rig, 0, 16), 0);
	assert_int_equal(urgent(&rig, 16, 48), 10);
	for (uint32_t i = 0; i < 48; i++) {
		assert_int_equal(rig.f->ledger->tracks[i].control, rig.f->ledger->tracks[i].urgent);
		assert_int_equal(wheel_is_armed(rig.schedule.wheel, i),
				 rig.f->ledger->tracks[i].urgent);
	}
	assert_true(rig.round.has_controls);
	teardown(&rig);
}

static void test_with_two_targets_siblings_are_asked_and_do_not_count_as_loss(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, two);
	ask(&rig);
	assert_true(rig.round.has_controls);
	assert_true(urgent(&rig, 1, 16) > 0);
	assert_true(urgent(&rig, 16, 32) > 0);
	assert_false(rig.f->ledger->tracks[0].urgent);
	for (uint32_t i = 0; i < 32; i++)
		assert_false(rig.f->ledger->tracks[i].control);
	teardown(&rig);
}

static void test_no_block_is_drawn_twice(void **state)
{
	struct rig rig;

	(void)state;
	for (uint64_t seed = 1; seed < 20; seed++) {
		setup(&rig, two);
		rig.rng = rng_of(seed);
		ask(&rig);
		assert_int_equal(urgent(&rig, 0, 32), 10);
		teardown(&rig);
	}
}

static void test_controls_are_up_and_have_no_round(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, three);
	for (uint32_t i = 16; i < 32; i++)
		rig.f->ledger->blocks[i].verdict = i % 2 ? BW_DARK : BW_UNKNOWN;
	for (uint32_t i = 32; i < 40; i++)
		(void)round_table_take(&rig.rounds, i);
	ask(&rig);
	assert_int_equal(urgent(&rig, 0, 40), 0);
	assert_in_range(urgent(&rig, 40, 48), 1, 8);
	teardown(&rig);
}

static void test_a_block_without_probes_to_spare_is_no_control(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, three);
	for (uint32_t i = 0; i < 48; i++)
		while (allowance_left(&rig.allowance, i) > 3)
			allowance_take(&rig.allowance, i);
	ask(&rig);
	assert_int_equal(urgent(&rig, 0, 48), 0);
	assert_false(rig.round.has_controls);
	assert_int_equal(rig.round.controls_at.ns, fixture_mono(0).ns);
	assert_false(control_group_is_awaited(&rig.round, fixture_mono(1)));
	teardown(&rig);
}

static void test_controls_are_awaited_for_four_seconds(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, three);
	ask(&rig);
	assert_true(control_group_is_awaited(&rig.round, fixture_mono(3.9)));
	assert_false(control_group_is_awaited(&rig.round, fixture_mono(4)));
	teardown(&rig);
}

static struct round control_round(void)
{
	struct round round = {.is_control = true};

	evidence_begin(&round.x, 0, 5 * BW_S);
	round.x.count = 1;
	round.x.list[0].availability = 0.9F;
	return round;
}

static void take(struct rig *rig, struct round *round, enum outcome_kind kind, uint8_t tag)
{
	control_group_outcome(rig->f->ledger, round,
			      &(struct outcome){.kind = kind, .probe = {.tag = tag}});
}

static void test_ten_lost_first_probes_are_much_loss(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, three);
	for (unsigned i = 0; i < 10; i++) {
		struct round round = control_round();

		take(&rig, &round, OUTCOME_TIMEOUT, 0);
	}
	/* 8 replies are assumed beside the 9 that were expected. */
	assert_float_equal(ledger_delivered(rig.f->ledger, 0), 8.0F / 17, 0.001);
	assert_true(ledger_is_lossy(rig.f->ledger, 0));
	teardown(&rig);
}

static void test_ten_first_probes_of_which_eight_are_answered_are_no_loss(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, three);
	for (unsigned i = 0; i < 10; i++) {
		struct round round = control_round();

		take(&rig, &round, i < 8 ? OUTCOME_REPLY : OUTCOME_TIMEOUT, 0);
	}
	assert_float_equal(ledger_delivered(rig.f->ledger, 0), 16.0F / 17, 0.001);
	assert_false(ledger_is_lossy(rig.f->ledger, 0));
	teardown(&rig);
}

static void test_only_the_first_sent_probe_of_a_control_counts_and_once(void **state)
{
	struct round round = control_round(), other = {0};
	struct loss *controls;
	struct rig rig;

	(void)state;
	setup(&rig, three);
	controls = &rig.f->ledger->loss.controls[0];
	take(&rig, &other, OUTCOME_TIMEOUT, 0);
	take(&rig, &round, OUTCOME_TIMEOUT, 1);
	take(&rig, &round, OUTCOME_VOID, 0);
	assert_float_equal(controls->expected, 0, 0);
	take(&rig, &round, OUTCOME_TIMEOUT, 0);
	take(&rig, &round, OUTCOME_REPLY, 0);
	assert_float_equal(controls->expected, 0.9F, 0.001);
	assert_float_equal(controls->replied, 0, 0);
	teardown(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_with_three_targets_ten_blocks_of_others_have_a_round_at_once),
		cmocka_unit_test(test_with_two_targets_siblings_are_asked_and_do_not_count_as_loss),
		cmocka_unit_test(test_no_block_is_drawn_twice),
		cmocka_unit_test(test_controls_are_up_and_have_no_round),
		cmocka_unit_test(test_a_block_without_probes_to_spare_is_no_control),
		cmocka_unit_test(test_controls_are_awaited_for_four_seconds),
		cmocka_unit_test(test_ten_lost_first_probes_are_much_loss),
		cmocka_unit_test(test_ten_first_probes_of_which_eight_are_answered_are_no_loss),
		cmocka_unit_test(test_only_the_first_sent_probe_of_a_control_counts_and_once),
	};

	return cmocka_run_group_tests_name("vantage/control_group", tests, NULL, NULL);
}
