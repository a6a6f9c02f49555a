/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/watch/schedule/siblings.h"

#define DAY_S 86400

/* Two networks of two blocks with three hosts, and one of a single host. Another target. */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "a 198.18.4.0/23 3\n"
			    "a 198.18.8.0/24 1\n"
			    "b 198.19.0.0/24 3\n";

static void set(struct fixture *f, uint32_t block, enum bw_verdict verdict)
{
	f->ledger->blocks[block].verdict = verdict;
}

static const struct tally prompt = {.replies = 1, .rtt_ns = {80 * BW_MS}};

#define SILENT_S 7 /* since when the block is silent */

static int64_t confirm_s(const struct fixture *f, uint32_t block, int64_t round_s)
{
	const struct vantage_plan plan = {
		.round_ns = round_s * BW_S,
		.confirm_ns = f->ledger->config.params.confirm_ns,
	};
	struct siblings siblings = siblings_of(f->ledger, block);
	struct evidence_log x;

	evidence_begin(&x, 0, plan.confirm_ns);
	x.opened = fixture_mono(SILENT_S);
	return siblings_confirm_ns(f->ledger, block, &siblings, &x, &plan) / BW_S;
}

static void test_siblings_are_the_other_known_blocks_of_the_target(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct siblings siblings;

	(void)state;
	set(f, 0, BW_UP);
	set(f, 1, BW_UP);
	set(f, 2, BW_DARK);
	set(f, 5, BW_DARK);
	siblings = siblings_of(f->ledger, 0);
	assert_int_equal(siblings.known, 2);
	assert_int_equal(siblings.silent, 1);
	assert_int_equal(siblings_of(f->ledger, 5).known, 0);
	fixture_free(f);
}

static void test_suspect_and_down_while_flapping_count_as_silent(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		set(f, i, BW_UP);
	assert_int_equal(siblings_of(f->ledger, 0).silent, 0);
	block_set_condition(&f->ledger->blocks[1], BW_SUSPECT, true);
	assert_int_equal(siblings_of(f->ledger, 0).silent, 1);
	set(f, 2, BW_FLAPPING);
	assert_int_equal(siblings_of(f->ledger, 0).silent, 1);
	f->ledger->blocks[2].down = 1;
	assert_int_equal(siblings_of(f->ledger, 0).silent, 2);
	fixture_free(f);
}

static void test_a_sibling_that_is_dark_for_hours_says_nothing(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	set(f, 0, BW_UP);
	set(f, 1, BW_DARK);
	fixture_set_time(f, 7200);
	assert_int_equal(siblings_of(f->ledger, 0).silent, 1);
	fixture_set_time(f, 7201);
	assert_int_equal(siblings_of(f->ledger, 0).known, 0);
	fixture_free(f);
}

static void test_two_of_three_single_hosts_are_silent_by_chance(void **state)
{
	struct fixture *f = fixture_new("a 198.18.0.0/24 1\na 198.18.1.0/24 1\n"
					"a 198.18.2.0/24 1\na 198.18.3.0/24 1\n",
					true);

	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		set(f, i, BW_UP);
	set(f, 0, BW_DARK);
	set(f, 1, BW_DARK);
	assert_true(siblings_contradict(f->ledger, 3));
	set(f, 2, BW_DARK);
	assert_false(siblings_contradict(f->ledger, 3));
	fixture_free(f);
}

static void test_in_a_large_target_only_128_blocks_on_either_side_count(void **state)
{
	struct fixture *f = fixture_new("big 198.18.0.0/15\n", true);

	(void)state;
	assert_int_equal(f->roster.block_count, 512);
	for (uint32_t i = 0; i < 512; i++)
		set(f, i, BW_UP);
	set(f, 300 - 129, BW_DARK);
	set(f, 300 + 129, BW_DARK);
	assert_int_equal(siblings_of(f->ledger, 300).silent, 0);
	set(f, 300 - 127, BW_DARK);
	set(f, 300 + 127, BW_DARK);
	assert_int_equal(siblings_of(f->ledger, 300).silent, 2);
	assert_in_range(siblings_of(f->ledger, 300).known, 254, 256);
	fixture_free(f);
}

static void test_half_of_the_known_siblings_are_enough_to_be_silent(void **state)
{
	(void)state;
	assert_false(siblings_are_silent(&(struct siblings){.known = 0, .silent = 0}));
	assert_false(siblings_are_silent(&(struct siblings){.known = 3, .silent = 1}));
	assert_true(siblings_are_silent(&(struct siblings){.known = 4, .silent = 2}));
	assert_true(siblings_are_silent(&(struct siblings){.known = 1, .silent = 1}));
}

static void test_one_or_two_hosts_in_several_networks_need_siblings(void **state)
{
	struct fixture *f = fixture_new("a 198.18.0.0/24 1\na 198.18.1.0/24 2\na 198.18.2.0/24 3\n"
					"lone 198.19.0.0/23 1\n",
					true);

	(void)state;
	assert_true(siblings_are_needed(f->ledger, 0));
	assert_true(siblings_are_needed(f->ledger, 1));
	assert_false(siblings_are_needed(f->ledger, 2));
	assert_false(siblings_are_needed(f->ledger, 3));
	fixture_free(f);
}

static void test_a_single_host_is_contradicted_until_most_siblings_are_silent(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		set(f, i, BW_UP);
	assert_true(siblings_contradict(f->ledger, 4));
	set(f, 0, BW_DARK);
	set(f, 1, BW_DARK);
	assert_true(siblings_contradict(f->ledger, 4));
	set(f, 2, BW_DARK);
	assert_false(siblings_contradict(f->ledger, 4));
	fixture_free(f);
}

static void test_a_block_of_three_hosts_is_never_contradicted(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		set(f, i, BW_UP);
	assert_false(siblings_contradict(f->ledger, 0));
	fixture_free(f);
}

static void test_beside_silent_or_unknown_siblings_confirm_is_enough(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->ledger->config.params.confirm_ns = 5 * BW_S;
	set(f, 0, BW_UP);
	assert_int_equal(confirm_s(f, 0, 60), 5);
	set(f, 1, BW_DARK);
	set(f, 2, BW_UP);
	assert_int_equal(confirm_s(f, 0, 60), 5);
	fixture_free(f);
}

static void test_beside_answering_siblings_it_is_half_a_round_within_2_to_6_confirm(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->ledger->config.params.confirm_ns = 5 * BW_S;
	set(f, 0, BW_UP);
	set(f, 1, BW_UP);
	assert_int_equal(confirm_s(f, 0, 10), 10);
	assert_int_equal(confirm_s(f, 0, 40), 20);
	assert_int_equal(confirm_s(f, 0, 60), 30);
	assert_int_equal(confirm_s(f, 0, 600), 30);
	fixture_free(f);
}

static void test_for_a_day_after_a_false_alarm_it_is_three_times_as_long(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->ledger->config.params.confirm_ns = 5 * BW_S;
	set(f, 0, BW_UP);
	set(f, 1, BW_UP);
	ledger_outage_for(f->ledger, 0)->false_alarm = f->ledger->now.mono;
	assert_int_equal(confirm_s(f, 0, 40), 60);
	fixture_set_time(f, DAY_S - 1);
	assert_int_equal(confirm_s(f, 0, 40), 60);
	fixture_set_time(f, DAY_S);
	assert_int_equal(confirm_s(f, 0, 40), 20);
	fixture_free(f);
}

static void test_most_silent_siblings_must_have_had_a_false_alarm(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->ledger->config.params.confirm_ns = 5 * BW_S;
	set(f, 0, BW_UP);
	for (uint32_t i = 1; i < 4; i++)
		set(f, i, BW_DARK);
	ledger_outage_for(f->ledger, 0)->false_alarm = f->ledger->now.mono;
	ledger_outage_for(f->ledger, 1)->false_alarm = f->ledger->now.mono;
	assert_int_equal(siblings_of(f->ledger, 0).false_alarms, 1);
	assert_int_equal(confirm_s(f, 0, 40), 5);
	ledger_outage_for(f->ledger, 2)->false_alarm = f->ledger->now.mono;
	assert_int_equal(confirm_s(f, 0, 40), 15);
	fixture_free(f);
}

/* A burst of loss lets one answer in several through, an outage of all lets none. */
static void test_after_false_alarms_an_answer_in_the_silence_makes_it_six_times(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->ledger->config.params.confirm_ns = 5 * BW_S;
	set(f, 0, BW_UP);
	for (uint32_t i = 1; i < 4; i++)
		set(f, i, BW_DARK);
	f->ledger->joints[0].hearing.last = fixture_mono(SILENT_S + 2);
	assert_int_equal(confirm_s(f, 0, 40), 5); /* no alarm yet */
	for (uint32_t i = 0; i < 3; i++)
		ledger_outage_for(f->ledger, i)->false_alarm = f->ledger->now.mono;
	assert_int_equal(confirm_s(f, 0, 40), 30);
	f->ledger->joints[0].hearing.last = fixture_mono(SILENT_S + 1); /* sent before, perhaps */
	assert_int_equal(confirm_s(f, 0, 40), 15);
	fixture_free(f);
}

static void test_the_target_says_how_long_its_silences_last(void **state)
{
	const struct vantage_plan plan = {.round_ns = 60 * BW_S, .confirm_ns = 45 * BW_S};
	const struct siblings silent = {.known = 2, .silent = 2};
	struct fixture *f = fixture_new(lines, true);
	struct evidence_log x;

	(void)state;
	evidence_begin(&x, 0, plan.confirm_ns);
	assert_int_not_equal(f->ledger->config.params.confirm_ns, plan.confirm_ns);
	assert_int_equal(siblings_confirm_ns(f->ledger, 0, &silent, &x, &plan), plan.confirm_ns);
	fixture_free(f);
}

/* The evidence of a block at rest: one silence that says nothing by itself. */
static struct evidence_log one_silence(float resting)
{
	const struct evidence probe = {.availability = 0.9F, .resting = resting};
	struct evidence_log x;

	evidence_begin(&x, 9, 5 * BW_S);
	x.rest = 3;
	assert_int_equal(evidence_ask(&x, &probe, fixture_mono(0)), 0);
	evidence_sent(&x, 0, fixture_mono(0));
	evidence_settle(&x, 0, EVIDENCE_SILENT);
	return x;
}

static void test_silences_of_all_siblings_are_shared(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct evidence_log x = one_silence(0.85F);

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		set(f, i, BW_UP);
		block_set_condition(&f->ledger->blocks[i], BW_SUSPECT, true);
	}
	for (unsigned i = 0; i < 12; i++)
		siblings_note(f->ledger, i % 5, &x, 0);
	assert_true(siblings_shared_belief(f->ledger, 0, &x) <=
		    -f->ledger->config.params.dark_nats);
	/* Neither loss nor rest explains the silence: the block's own evidence is enough. */
	x.rest = -9;
	assert_true(isinf(siblings_shared_belief(f->ledger, 0, &x)));
	x.delivered = 0.5F;
	assert_false(isinf(siblings_shared_belief(f->ledger, 0, &x)));
	/* Dark already. */
	set(f, 0, BW_DARK);
	assert_true(isinf(siblings_shared_belief(f->ledger, 0, &x)));
	/* One that answers contradicts all. */
	x.list[0].state = EVIDENCE_REPLY;
	siblings_note(f->ledger, 4, &x, 0);
	assert_true(isinf(siblings_shared_belief(f->ledger, 1, &x)));
	fixture_free(f);
}

/* One of two networks at rest is silent for longer than on two nights; the other one answers. */
static void test_a_silent_network_at_rest_is_gone(void **state)
{
	struct fixture *f = fixture_new("a 198.18.0.0/22 3\na 198.18.4.0/23 3\n", true);
	struct evidence_log x = one_silence(0.85F);
	double t = 0;

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		set(f, i, BW_UP);
	for (; t <= 2 * DAY_S; t += 600) {
		fixture_set_time(f, t);
		siblings_hear(f->ledger, 0);
		siblings_hear(f->ledger, 4);
	}
	for (; t <= 2 * DAY_S + 3600; t += 600) {
		fixture_set_time(f, t);
		siblings_hear(f->ledger, 4);
	}
	for (uint32_t i = 0; i < 4; i++)
		block_set_condition(&f->ledger->blocks[i], BW_SUSPECT, true);
	assert_true(isinf(siblings_shared_belief(f->ledger, 0, &x)));
	for (unsigned i = 0; i < 12; i++) /* too late: who is off stays off */
		siblings_note(f->ledger, i % 4, &x, 0);
	siblings_hear(f->ledger, 4);
	assert_true(isinf(siblings_shared_belief(f->ledger, 0, &x)));
	siblings_hear(f->ledger, 3);
	line_forget_pending(&f->ledger->joints[0].line); /* a round that answers shows the line */
	for (unsigned i = 0; i < 12; i++)
		siblings_note(f->ledger, i % 4, &x, 0);
	fixture_set_time(f, t + 12000);
	siblings_hear(f->ledger, 4);
	assert_false(isinf(siblings_shared_belief(f->ledger, 0, &x)));
	assert_true(isinf(siblings_shared_belief(f->ledger, 4, &x))); /* of the other network */
	x.delivered = 0.5F;
	assert_true(isinf(siblings_shared_belief(f->ledger, 0, &x))); /* loss may explain it */
	x = one_silence(0.85F);
	for (uint32_t i = 0; i < 4; i++)
		block_set_condition(&f->ledger->blocks[i], BW_SUSPECT, false);
	assert_true(isinf(siblings_shared_belief(f->ledger, 0, &x))); /* nobody is missed */
	fixture_free(f);
}

/* Two blocks are silent by chance now and then. */
static void test_a_silent_network_of_two_blocks_proves_nothing(void **state)
{
	struct fixture *f = fixture_new("a 198.18.0.0/22 3\na 198.18.4.0/23 3\n", true);
	struct evidence_log x = one_silence(0.85F);

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		set(f, i, BW_UP);
	for (double t = 0; t <= 2 * DAY_S; t += 600) {
		fixture_set_time(f, t);
		siblings_hear(f->ledger, 0);
		siblings_hear(f->ledger, 4);
	}
	block_set_condition(&f->ledger->blocks[4], BW_SUSPECT, true);
	block_set_condition(&f->ledger->blocks[5], BW_SUSPECT, true);
	for (unsigned i = 0; i < 12; i++)
		siblings_note(f->ledger, 4 + i % 2, &x, 0);
	fixture_set_time(f, 2 * DAY_S + 3600);
	siblings_hear(f->ledger, 0);
	assert_true(isinf(siblings_shared_belief(f->ledger, 4, &x)));
	fixture_free(f);
}

/* The share that arrives by the loss that lasts, and by what is believed of the line. */
static float lasting(const struct fixture *f, uint32_t block)
{
	const struct joint *joint = &f->ledger->joints[ledger_target_of(f->ledger, block)];

	return loss_delivered_lasting(&joint->lasting, f->ledger->now.mono);
}

static float believed(const struct fixture *f, uint32_t block)
{
	struct evidence_log x = one_silence(0.85F);

	siblings_tell_loss(f->ledger, block, &x);
	return evidence_delivered(&x);
}

/* Silences count as loss when the block answers again, and never when it is dark. */
static void test_loss_between_two_answers(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct evidence_log silent = one_silence(0.85F), answered = silent;

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		set(f, i, BW_UP);
	answered.list[0].state = EVIDENCE_REPLY;
	for (unsigned i = 0; i < 20; i++)
		siblings_count_loss(f->ledger, 0, &silent, &prompt);
	assert_float_equal(lasting(f, 1), 1, 0);
	assert_true(believed(f, 1) > 0.99F);
	siblings_count_loss(f->ledger, 0, &answered, &prompt);
	assert_float_equal(lasting(f, 1), 5 / (4 + 21 * 0.9), 0.001);
	assert_float_equal(lasting(f, 5), 1, 0); /* of another target */
	assert_true(believed(f, 1) < 0.4F);
	assert_true(believed(f, 5) > 0.99F);
	for (unsigned i = 0; i < 20; i++)
		siblings_count_loss(f->ledger, 2, &silent, &prompt);
	set(f, 2, BW_DARK);
	siblings_count_loss(f->ledger, 2, &silent, &prompt);
	set(f, 2, BW_UP);
	siblings_count_loss(f->ledger, 2, &answered, &prompt);
	assert_float_equal(lasting(f, 1), 6 / (4 + 22 * 0.9), 0.001);
	fixture_free(f);
}

/* A sudden delay is a sign of loss, but not where answers come late anyway. */
static void test_delayed_answers_are_a_sign_of_loss(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct evidence_log answered = one_silence(0.85F);
	const struct tally delayed = {.replies = 1, .rtt_ns = {900 * BW_MS}};

	(void)state;
	answered.list[0].state = EVIDENCE_REPLY;
	for (uint32_t i = 0; i < 5; i++) {
		set(f, i, BW_UP);
		f->ledger->tracks[i].srtt_us = 80000;
		siblings_count_loss(f->ledger, i, &answered, &prompt);
	}
	assert_true(believed(f, 0) > 0.99F);
	for (uint32_t i = 0; i < 8; i++)
		siblings_count_loss(f->ledger, i % 4, &answered, &delayed);
	assert_true(believed(f, 0) < 0.9F);
	assert_true(believed(f, 5) > 0.99F);
	for (unsigned i = 0; i < 20; i++)
		lateness_note(&f->ledger->joints[1].lateness, LATENESS_TARGET, 3 * BW_S, 20 * BW_S);
	for (unsigned i = 0; i < 4; i++)
		siblings_count_loss(f->ledger, 5, &answered, &delayed);
	assert_true(believed(f, 5) > 0.99F);
	fixture_free(f);
}

static void test_throttled_until_all_are_silent(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct evidence_log x = one_silence(0.85F), answered = x;

	(void)state;
	set(f, 0, BW_UP);
	set(f, 1, BW_UP);
	assert_false(siblings_are_throttled(f->ledger, 0, 40));
	answered.list[0].state = EVIDENCE_REPLY;
	for (unsigned i = 0; i < 20; i++)
		siblings_count_loss(f->ledger, 0, &x, &prompt);
	siblings_count_loss(f->ledger, 0, &answered, &prompt);
	assert_true(siblings_are_throttled(f->ledger, 0, 40));
	x.count = 0;
	assert_false(siblings_save_probes(f->ledger, 0, &x, 40));
	x.count = 1;
	assert_true(siblings_save_probes(f->ledger, 0, &x, 40));
	for (unsigned i = 0; i < 5; i++) /* each weighs little on such a line */
		siblings_note(f->ledger, i % 2, &x, 0);
	assert_true(siblings_are_throttled(f->ledger, 0, 40));
	assert_false(siblings_save_probes(f->ledger, 0, &x, 40)); /* one asks some more first */
	assert_true(siblings_save_probes(f->ledger, 0, &x, 20));
	for (unsigned i = 0; i < 8; i++)
		siblings_note(f->ledger, i % 2, &x, 0);
	assert_false(siblings_are_throttled(f->ledger, 0, 20));
	assert_false(siblings_save_probes(f->ledger, 0, &x, 20));
	set(f, 1, BW_DARK);
	assert_false(siblings_are_throttled(f->ledger, 1, 40));
	fixture_free(f);
}

/* What is kept to confirm with is not spent before the silence of all is enough for dark. */
static void test_throttled_keeps_what_confirms(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct evidence_log x = one_silence(0.85F), answered = x;

	(void)state;
	set(f, 0, BW_UP);
	set(f, 1, BW_UP);
	answered.list[0].state = EVIDENCE_REPLY;
	for (unsigned i = 0; i < 20; i++)
		siblings_count_loss(f->ledger, 0, &x, &prompt);
	siblings_count_loss(f->ledger, 0, &answered, &prompt);
	for (unsigned i = 0; i < 13; i++)
		siblings_note(f->ledger, i % 2, &x, 0);
	for (unsigned i = 1; i < 4; i++)
		assert_int_equal(evidence_ask(&x, &x.list[0], fixture_mono(1)), i);
	assert_true(siblings_save_probes(f->ledger, 0, &x, 40)); /* four for now */
	assert_false(siblings_are_throttled(f->ledger, 0, 8));
	assert_true(siblings_are_throttled(f->ledger, 0, 7));
	for (unsigned i = 0; i < 60; i++)
		siblings_note(f->ledger, 1, &x, 0);
	assert_false(siblings_are_throttled(f->ledger, 0, 7));
	x.shared = -20;
	assert_false(siblings_save_probes(f->ledger, 0, &x, 7));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loss_between_two_answers),
		cmocka_unit_test(test_delayed_answers_are_a_sign_of_loss),
		cmocka_unit_test(test_throttled_until_all_are_silent),
		cmocka_unit_test(test_throttled_keeps_what_confirms),
		cmocka_unit_test(test_silences_of_all_siblings_are_shared),
		cmocka_unit_test(test_a_silent_network_at_rest_is_gone),
		cmocka_unit_test(test_a_silent_network_of_two_blocks_proves_nothing),
		cmocka_unit_test(test_siblings_are_the_other_known_blocks_of_the_target),
		cmocka_unit_test(test_suspect_and_down_while_flapping_count_as_silent),
		cmocka_unit_test(test_a_sibling_that_is_dark_for_hours_says_nothing),
		cmocka_unit_test(test_two_of_three_single_hosts_are_silent_by_chance),
		cmocka_unit_test(test_in_a_large_target_only_128_blocks_on_either_side_count),
		cmocka_unit_test(test_half_of_the_known_siblings_are_enough_to_be_silent),
		cmocka_unit_test(test_one_or_two_hosts_in_several_networks_need_siblings),
		cmocka_unit_test(test_a_single_host_is_contradicted_until_most_siblings_are_silent),
		cmocka_unit_test(test_a_block_of_three_hosts_is_never_contradicted),
		cmocka_unit_test(test_beside_silent_or_unknown_siblings_confirm_is_enough),
		cmocka_unit_test(
			test_beside_answering_siblings_it_is_half_a_round_within_2_to_6_confirm),
		cmocka_unit_test(test_for_a_day_after_a_false_alarm_it_is_three_times_as_long),
		cmocka_unit_test(test_the_target_says_how_long_its_silences_last),
		cmocka_unit_test(test_most_silent_siblings_must_have_had_a_false_alarm),
		cmocka_unit_test(
			test_after_false_alarms_an_answer_in_the_silence_makes_it_six_times),
	};

	return cmocka_run_group_tests_name("vantage/siblings", tests, NULL, NULL);
}
