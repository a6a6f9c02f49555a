/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../probe/peer.h"
#include "fixture.h"
#include "vantage/watch/pause.h"
#include "vantage/watch/round/round.h"

#define ROUND_S 60
#define BLOCKS 4

static const char lines[] = "a 198.18.0.0/22 3\n";

static const struct vantage_plan plan = {ROUND_S * BW_S, 10 * BW_S, 20};
static const struct bw_method icmp = {BW_PROTOCOL_ICMP, 0};

struct rig {
	struct fixture *f;
	struct peer peer;
	struct bw_transport transport;
	struct bw_egress egress;
	struct engine *engine;
	struct watch watch;
};

static struct bw_addr addr(const char *text)
{
	struct bw_addr a = {0};

	assert_int_equal(bw_addr_parse(text, &a), 0);
	return a;
}

static void ignore_sent(void *self, const struct probe *probe, struct bw_mono sent)
{
	(void)self;
	(void)probe;
	(void)sent;
}

static void ignore_outcome(void *self, const struct outcome *outcome)
{
	(void)self;
	(void)outcome;
}

static void make_engine(struct rig *rig)
{
	const struct engine_config config = {
		.transport = &rig->transport,
		.egress = &rig->egress,
		.egress_count = 1,
		.methods = &icmp,
		.method_count = 1,
		.rate_pps = 10000,
		.listen_ns = 60 * BW_S,
		.queue_max = 64,
		.pending_max = 128,
		.seed = 1,
		.on_sent = ignore_sent,
		.on_outcome = ignore_outcome,
	};

	rig->peer.accept = SIZE_MAX;
	rig->transport = peer_transport(&rig->peer);
	rig->egress = (struct bw_egress){.interface = "test0", .source = addr("10.0.0.2")};
	assert_int_equal(engine_new(&config, fixture_mono(0), &rig->engine, NULL), 0);
}

static void setup(struct rig *rig, bool has_reference)
{
	const struct roster_sentinel reference = {addr("192.0.2.1"), icmp, HEALTH_REFERENCE, 0};
	const struct permit permit = {.allow_reserved = true};

	*rig = (struct rig){.f = fixture_new(lines, true)};
	if (has_reference)
		assert_int_equal(roster_add_sentinel(&rig->f->roster, &reference, &permit), 0);
	make_engine(rig);
	assert_int_equal(watch_init(&rig->watch,
				    &(struct watch_config){
					    .ledger = rig->f->ledger,
					    .engine = rig->engine,
					    .transport = &rig->transport,
					    .plans = &plan,
					    .rate_pps = 10000,
					    .seed = 1,
				    }),
			 0);
	for (uint32_t i = 0; i < BLOCKS; i++)
		rig->f->ledger->blocks[i].verdict = BW_UP;
}

static void teardown(struct rig *rig)
{
	watch_fini(&rig->watch);
	engine_free(rig->engine);
	fixture_free(rig->f);
}

static void begin_rounds(struct rig *rig, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		round_begin(&rig->watch, i);
}

static unsigned rounds(const struct rig *rig)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < BLOCKS; i++)
		count += round_table_find(&rig->watch.rounds, i) != NULL;
	return count;
}

static void find_blind(struct rig *rig, unsigned reasons)
{
	ways_find_blind(&rig->f->ledger->ways, 0, reasons);
	pause_begin(&rig->watch);
}

static void live(struct rig *rig, double seconds)
{
	health_answered(&rig->f->ledger->ways.of[0].health, HEALTH_REFERENCE,
			fixture_mono(seconds));
}

/* All blocks are due before SECONDS. */
static void assert_due_by(struct rig *rig, double seconds)
{
	unsigned due = 0;
	uint32_t id;

	while (wheel_expire(rig->watch.wheel, fixture_mono(seconds), &id))
		due += id < BLOCKS;
	assert_int_equal(due, BLOCKS);
}

static void test_all_rounds_end_without_a_record_and_have_their_next(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	begin_rounds(&rig, 3);
	assert_int_equal(rounds(&rig), 3);
	fixture_set_time(rig.f, 2);
	find_blind(&rig, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(rounds(&rig), 0);
	assert_int_equal(fixture_count_of(rig.f, RECORD_BLOCK), 0);
	assert_int_equal(fixture_count_of(rig.f, RECORD_EVENT), 0);
	assert_int_equal(fixture_count_of(rig.f, RECORD_VANTAGE), 1);
	assert_int_equal(rig.f->ledger->ways.of[0].found, 0);
	assert_due_by(&rig, 2.2 * ROUND_S);
	teardown(&rig);
}

static void test_suspicion_of_blocks_is_dropped_and_beliefs_of_others_stay(void **state)
{
	struct block *suspect, *calm;
	struct rig rig;

	(void)state;
	setup(&rig, true);
	suspect = &rig.f->ledger->blocks[0];
	calm = &rig.f->ledger->blocks[1];
	suspect->log_odds = calm->log_odds = -3;
	block_set_condition(suspect, BW_SUSPECT, true);
	find_blind(&rig, BW_WHY_VANTAGE_OFFLINE);
	assert_false(suspect->conditions & BW_SUSPECT);
	assert_float_equal(suspect->log_odds, rig.f->ledger->config.params.start_nats, 0);
	assert_float_equal(calm->log_odds, -3, 0);
	assert_int_equal(suspect->verdict, BW_UP);
	teardown(&rig);
}

static void test_sentinels_are_asked_at_once(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	assert_true(sentinels_are_due(&rig.watch.sentinels, SENTINELS_IDLE));
	fixture_set_time(rig.f, 1);
	assert_false(sentinels_are_due(&rig.watch.sentinels, SENTINELS_IDLE));
	find_blind(&rig, BW_WHY_VANTAGE_OFFLINE);
	assert_true(sentinels_are_due(&rig.watch.sentinels, SENTINELS_IDLE));
	teardown(&rig);
}

static void test_it_goes_on_with_a_sign_of_life_that_is_younger(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	fixture_set_time(rig.f, 10);
	live(&rig, 9);
	find_blind(&rig, BW_WHY_VANTAGE_OFFLINE);
	pause_end_if_back(&rig.watch);
	assert_true(rig.f->ledger->ways.of[0].reasons);
	fixture_set_time(rig.f, 20);
	live(&rig, 19);
	pause_end_if_back(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	assert_true(fixture_record_of(rig.f, RECORD_VANTAGE, 1)->vantage.healthy);
	assert_due_by(&rig, 20 + ROUND_S + 0.01);
	teardown(&rig);
}

static void test_loss_that_was_counted_before_is_forgotten(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	loss_count(&rig.f->ledger->loss.all[0], 100, 10, fixture_mono(0));
	loss_count(&rig.f->ledger->ways.of[0].health.loss, 100, 10, fixture_mono(0));
	assert_true(ledger_is_lossy(rig.f->ledger, 0));
	find_blind(&rig, BW_WHY_VANTAGE_OFFLINE);
	live(&rig, 1);
	pause_end_if_back(&rig.watch);
	assert_float_equal(ledger_delivered(rig.f->ledger, 0), 1, 0);
	teardown(&rig);
}

static void test_what_the_owner_holds_goes_on_when_it_is_released_and_answered(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	rig.f->ledger->ways.of[0].held = true;
	find_blind(&rig, BW_WHY_INTERFACE_DOWN);
	live(&rig, 1);
	pause_end_if_back(&rig.watch);
	assert_true(rig.f->ledger->ways.of[0].reasons);
	rig.f->ledger->ways.of[0].held = false;
	pause_release(&rig.watch, 0); /* there is a reference to ask */
	assert_true(rig.f->ledger->ways.of[0].reasons);
	pause_end_if_back(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	teardown(&rig);
}

static void test_where_nobody_can_be_asked_a_release_is_enough(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, false);
	pause_release(&rig.watch, 0); /* it was not blind */
	assert_int_equal(rig.f->count, 0);
	find_blind(&rig, BW_WHY_INTERFACE_DOWN);
	pause_release(&rig.watch, 0);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	teardown(&rig);
}

static void test_a_sleep_ends_rounds_and_spreads_them_anew(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	begin_rounds(&rig, 3);
	fixture_set_time(rig.f, 3600);
	pause_slept(&rig.watch);
	assert_int_equal(rounds(&rig), 0);
	assert_int_equal(fixture_record_of(rig.f, RECORD_VANTAGE, 0)->vantage.reasons,
			 BW_WHY_SUSPENDED);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	assert_due_by(&rig, 3600 + ROUND_S + 0.01);
	teardown(&rig);
}

static void test_a_sleep_drops_suspicion_and_loss(void **state)
{
	struct block *suspect;
	struct rig rig;

	(void)state;
	setup(&rig, true);
	suspect = &rig.f->ledger->blocks[0];
	suspect->log_odds = -3;
	block_set_condition(suspect, BW_SUSPECT, true);
	loss_count(&rig.f->ledger->loss.all[0], 100, 10, fixture_mono(0));
	loss_count(&rig.f->ledger->ways.of[0].health.loss, 100, 10, fixture_mono(0));
	health_missed(&rig.f->ledger->ways.of[0].health, 9);
	fixture_set_time(rig.f, 60);
	pause_slept(&rig.watch);
	assert_false(suspect->conditions & BW_SUSPECT);
	assert_float_equal(suspect->log_odds, rig.f->ledger->config.params.start_nats, 0);
	assert_float_equal(ledger_delivered(rig.f->ledger, 0), 1, 0);
	assert_float_equal(rig.f->ledger->ways.of[0].health.missed, 0, 0);
	teardown(&rig);
}

static void test_silent_sentinels_that_used_to_answer_make_it_blind(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	live(&rig, 0);
	fixture_set_time(rig.f, 9);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	fixture_set_time(rig.f, 14);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, BW_WHY_VANTAGE_OFFLINE);
	teardown(&rig);
}

static void test_sentinels_have_time_to_answer_after_a_sleep(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	live(&rig, 0);
	fixture_set_time(rig.f, 3600);
	pause_slept(&rig.watch);
	pause_check_sentinels(&rig.watch);
	fixture_set_time(rig.f, 3605);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	fixture_set_time(rig.f, 3610);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, BW_WHY_VANTAGE_OFFLINE);
	teardown(&rig);
}

/* A probe of the reference has left at SECONDS, and was answered. */
static void reference_answers(struct rig *rig, double seconds)
{
	const struct probe probe = {.client = PROBE_OF_SENTINEL, .subject = 0};
	const struct outcome reply = {
		.kind = OUTCOME_REPLY,
		.probe = probe,
		.sent = fixture_mono(seconds),
		.rtt_ns = 60 * BW_MS,
	};

	fixture_set_time(rig->f, seconds);
	watch_sent(&rig->watch, &probe, fixture_mono(seconds));
	watch_outcome(&rig->watch, &reply);
}

/* Lets the watch ask the reference until SECONDS; nobody answers. Returns when it is blind, or 0 */
static double blind_after(struct rig *rig, double from, double until)
{
	const struct probe probe = {.client = PROBE_OF_SENTINEL, .subject = 0};
	const struct fitness *fitness = &rig->f->ledger->ways.of[0];
	double now;

	sentinels_hurry(&rig->watch.sentinels);
	for (now = from; now <= until && !fitness->reasons;) {
		fixture_set_time(rig->f, now);
		pause_check_sentinels(&rig->watch);
		if (!fitness->reasons)
			watch_sent(&rig->watch, &probe, fixture_mono(now));
		now = (double)(rig->watch.sentinels.at.ns - fixture_mono(0).ns) / (double)BW_S;
	}
	return fitness->reasons ? (double)(fitness->since.ns - fixture_mono(0).ns) / (double)BW_S
				: 0;
}

static void test_in_focus_a_cut_shows_within_five_seconds(void **state)
{
	double blind;
	struct rig rig;

	(void)state;
	setup(&rig, true);
	rig.watch.in_focus = true;
	for (unsigned s = 0; s <= 20; s++)
		reference_answers(&rig, s);
	blind = blind_after(&rig, 21, 30);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, BW_WHY_VANTAGE_OFFLINE);
	assert_in_range((unsigned)(blind * 10), 240, 250);
	reference_answers(&rig, 26);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	teardown(&rig);
}

/* A third of the probes is lost: so many silences in a row are no wonder. */
static void test_in_focus_loss_asks_for_more_silences(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	rig.watch.in_focus = true;
	for (unsigned s = 0; s <= 20; s++)
		reference_answers(&rig, s);
	fixture_set_time(rig.f, 20.5);
	loss_count(&rig.f->ledger->ways.of[0].health.loss, 300, 90, fixture_mono(20.5));
	assert_float_equal(blind_after(&rig, 21, 26), 0, 0);
	teardown(&rig);
}

static void test_in_focus_a_block_that_answers_clears_the_way(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	rig.watch.in_focus = true;
	for (unsigned s = 0; s <= 20; s++)
		reference_answers(&rig, s);
	assert_float_equal(blind_after(&rig, 21, 23.9), 0, 0);
	health_answered(&rig.f->ledger->ways.of[0].health, HEALTH_BLOCK, fixture_mono(23.9));
	assert_float_equal(blind_after(&rig, 24, 27.5), 0, 0);
	teardown(&rig);
}

static void test_out_of_focus_a_cut_has_more_time(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	assert_false(rig.watch.in_focus); /* rounds of 60 s */
	for (unsigned s = 0; s <= 20; s++)
		reference_answers(&rig, s);
	assert_float_equal(blind_after(&rig, 21, 27), 0, 0);
	teardown(&rig);
}

/* Nobody is heard for 8 s: then the reference is asked in haste before the way is given up. */
static void test_out_of_focus_haste_confirms_a_cut(void **state)
{
	double blind;
	struct rig rig;

	(void)state;
	setup(&rig, true);
	for (unsigned s = 0; s <= 20; s++)
		reference_answers(&rig, s);
	blind = blind_after(&rig, 21, 60);
	assert_in_range((unsigned)(blind * 10), 320, 345);
	reference_answers(&rig, 35);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	teardown(&rig);
}

/* Two of three probes are lost: that many silences in a row come by chance. Not for ever. */
static void test_out_of_focus_a_lossy_line_is_no_cut(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	for (unsigned s = 0; s <= 20; s++)
		reference_answers(&rig, s);
	fixture_set_time(rig.f, 20.5);
	loss_count(&rig.f->ledger->ways.of[0].health.loss, 300, 90, fixture_mono(20.5));
	assert_float_equal(blind_after(&rig, 21, 36), 0, 0);
	assert_in_range((unsigned)(blind_after(&rig, 36.25, 60) * 10), 370, 390);
	teardown(&rig);
}

/* Loss of a while ago is remembered over a moment without any, and over a short blindness. */
static void test_out_of_focus_lasting_loss_is_remembered(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	for (unsigned s = 0; s <= 20; s++)
		reference_answers(&rig, s);
	loss_count_lasting(&rig.f->ledger->ways.of[0].health.lasting, 300, 90, fixture_mono(20));
	find_blind(&rig, BW_WHY_VANTAGE_OFFLINE);
	reference_answers(&rig, 21);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	assert_float_equal(blind_after(&rig, 22, 37), 0, 0);
	teardown(&rig);
}

/* A line that is lost again and again does not put off the records of targets. */
static void test_rounds_of_targets_go_on_as_before(void **state)
{
	struct rig rig;
	uint32_t id;
	bool due = false;

	(void)state;
	setup(&rig, true);
	fixture_set_time(rig.f, 40);
	find_blind(&rig, BW_WHY_VANTAGE_OFFLINE);
	fixture_set_time(rig.f, 50);
	live(&rig, 49);
	pause_end_if_back(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	while (wheel_expire(rig.watch.wheel, fixture_mono(ROUND_S + 0.01), &id))
		due |= id == BLOCKS;
	assert_true(due);
	teardown(&rig);
}

static void test_in_focus_all_are_asked_in_haste_once_references_are_silent(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	rig.watch.in_focus = true;
	reference_answers(&rig, 19);
	sentinels_hurry(&rig.watch.sentinels);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.watch.sentinels.at.ns, fixture_mono(20.2).ns);
	watch_sent(&rig.watch, &(struct probe){.client = PROBE_OF_SENTINEL}, fixture_mono(19.1));
	fixture_set_time(rig.f, 20.2);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.watch.sentinels.at.ns, fixture_mono(20.45).ns);
	teardown(&rig);
}

static void test_sentinels_are_asked_each_second_while_a_block_is_suspect(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.watch.sentinels.at.ns, fixture_mono(5).ns);
	rig.watch.rounds.suspects = 1;
	fixture_set_time(rig.f, 5);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.watch.sentinels.at.ns, fixture_mono(6).ns);
	assert_int_equal(engine_queued(rig.engine), 2);
	teardown(&rig);
}

static void test_a_blind_vantage_sees_that_the_capture_drops_no_more(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	live(&rig, 10);
	rig.peer.received = rig.peer.capture_dropped = 50;
	fixture_set_time(rig.f, 10);
	pause_check_sentinels(&rig.watch);
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, BW_WHY_CAPTURE_DROPPED);
	for (unsigned s = 11; s < 50; s++) {
		rig.peer.received += 3;
		live(&rig, s);
		fixture_set_time(rig.f, s);
		pause_check_sentinels(&rig.watch);
	}
	assert_int_equal(rig.f->ledger->ways.of[0].reasons, 0);
	teardown(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_rounds_end_without_a_record_and_have_their_next),
		cmocka_unit_test(test_suspicion_of_blocks_is_dropped_and_beliefs_of_others_stay),
		cmocka_unit_test(test_sentinels_are_asked_at_once),
		cmocka_unit_test(test_it_goes_on_with_a_sign_of_life_that_is_younger),
		cmocka_unit_test(test_loss_that_was_counted_before_is_forgotten),
		cmocka_unit_test(
			test_what_the_owner_holds_goes_on_when_it_is_released_and_answered),
		cmocka_unit_test(test_where_nobody_can_be_asked_a_release_is_enough),
		cmocka_unit_test(test_a_sleep_ends_rounds_and_spreads_them_anew),
		cmocka_unit_test(test_a_sleep_drops_suspicion_and_loss),
		cmocka_unit_test(test_silent_sentinels_that_used_to_answer_make_it_blind),
		cmocka_unit_test(test_sentinels_have_time_to_answer_after_a_sleep),
		cmocka_unit_test(test_in_focus_a_cut_shows_within_five_seconds),
		cmocka_unit_test(test_in_focus_loss_asks_for_more_silences),
		cmocka_unit_test(test_in_focus_a_block_that_answers_clears_the_way),
		cmocka_unit_test(test_out_of_focus_a_cut_has_more_time),
		cmocka_unit_test(test_out_of_focus_haste_confirms_a_cut),
		cmocka_unit_test(test_out_of_focus_a_lossy_line_is_no_cut),
		cmocka_unit_test(test_out_of_focus_lasting_loss_is_remembered),
		cmocka_unit_test(test_rounds_of_targets_go_on_as_before),
		cmocka_unit_test(
			test_in_focus_all_are_asked_in_haste_once_references_are_silent),
		cmocka_unit_test(test_sentinels_are_asked_each_second_while_a_block_is_suspect),
		cmocka_unit_test(test_a_blind_vantage_sees_that_the_capture_drops_no_more),
	};

	return cmocka_run_group_tests_name("vantage/pause", tests, NULL, NULL);
}
