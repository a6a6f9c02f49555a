/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/fitness/blindness.h"
#include "vantage/ledger/records.h"

/* Target a: network 0 of blocks 0 and 1, network 1 of block 2. Target b is open. */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "a 198.18.4.0/24 3\n"
			    "b 198.19.0.0/24\n";

static const struct tally none = {0};

static struct record_block block_of(struct fixture *f, uint32_t number, const struct tally *tally)
{
	fixture_forget(f);
	records_block(f->ledger, number, tally);
	return fixture_record_of(f, RECORD_BLOCK, 0)->block;
}

static struct record_target target_of(struct fixture *f, uint32_t number)
{
	fixture_forget(f);
	records_target(f->ledger, number);
	return fixture_record_of(f, RECORD_TARGET, 0)->target;
}

static void test_each_record_has_the_next_seq_and_the_present_time(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	fixture_set_time(f, 17);
	records_block(f->ledger, 0, &none);
	records_target(f->ledger, 0);
	records_vantage(f->ledger);
	assert_int_equal(records_event(f->ledger, &(struct record_event){.subject = "x"}), 4);
	assert_int_equal(f->count, 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct record_head *head = &f->records[i].record.head;

		assert_int_equal(head->seq, i + 1);
		assert_int_equal(head->time.ns, fixture_wall(17).ns);
		assert_string_equal(head->vantage, "v");
		assert_string_equal(head->boot, "b");
	}
	assert_int_equal(f->ledger->seq, 4);
	fixture_free(f);
}

static void test_of_a_block_that_is_never_asked_nothing_is_believed(void **state)
{
	const uint16_t refusals[] = {ROSTER_BLOCKLISTED, ROSTER_SPECIAL_PURPOSE};
	const unsigned reasons[] = {BW_WHY_BLOCKLISTED, BW_WHY_SPECIAL_PURPOSE};
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->roster.blocks[1].host_count = 0;
	(void)blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE);
	for (unsigned i = 0; i < 2; i++) {
		struct record_block b;

		f->roster.blocks[1].refused = refusals[i] & 3;
		f->ledger->blocks[1].reasons = (uint16_t)reasons[i];
		b = block_of(f, 1, &none);
		assert_int_equal(b.verdict, BW_UNKNOWN);
		assert_float_equal(b.belief, 0.5, 0);
		assert_int_equal(b.reasons, reasons[i]);
	}
	assert_int_equal(block_of(f, 0, &none).reasons, BW_WHY_VANTAGE_OFFLINE);
	fixture_free(f);
}

static void test_a_block_is_told_with_its_round(void **state)
{
	const struct tally tally = {.sent = 4, .replies = 2, .rtt_ns = {30, 10}};
	struct fixture *f = fixture_new(lines, true);
	struct record_block b;

	(void)state;
	f->ledger->blocks[1].verdict = BW_UP;
	f->ledger->blocks[1].log_odds = 0;
	f->ledger->blocks[1].since = fixture_mono(5);
	f->ledger->blocks[1].last_answer = fixture_mono(9);
	f->ledger->sums.targets[0].round = 6;
	b = block_of(f, 1, &tally);
	assert_string_equal(b.target, "a");
	assert_int_equal(b.block.addr.bytes[2], 1);
	assert_int_equal(b.network.length, 23);
	assert_int_equal(b.verdict, BW_UP);
	assert_float_equal(b.belief, 0.5, 1e-9);
	assert_int_equal(b.since.ns, fixture_wall(5).ns);
	assert_int_equal(b.last_answer.ns, fixture_wall(9).ns);
	assert_int_equal(b.round, 7);
	assert_int_equal(b.sent, 4);
	assert_int_equal(b.replies, 2);
	assert_int_equal(b.rtt_min_ns, 10);
	assert_int_equal(b.rtt_max_ns, 30);
	fixture_free(f);
}

static void test_reasons_belong_to_unknown_only(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->ledger->blocks[0].reasons = BW_WHY_FEW_EVIDENCE;
	assert_int_equal(block_of(f, 0, &none).reasons, BW_WHY_FEW_EVIDENCE);
	f->ledger->blocks[0].verdict = BW_UP;
	assert_int_equal(block_of(f, 0, &none).reasons, 0);
	assert_int_equal(block_of(f, 0, &none).last_answer.ns, 0); /* never */
	fixture_free(f);
}

static void test_while_blind_every_verdict_is_unknown_for_the_reasons_of_the_vantage(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	f->ledger->blocks[0].verdict = BW_DARK;
	f->ledger->ways.of[0].reasons = BW_WHY_VANTAGE_OFFLINE;
	f->ledger->ways.of[0].since = fixture_mono(3);
	assert_int_equal(block_of(f, 0, &none).verdict, BW_UNKNOWN);
	assert_int_equal(block_of(f, 0, &none).reasons, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(block_of(f, 0, &none).since.ns, fixture_wall(3).ns);
	assert_int_equal(target_of(f, 0).verdict, BW_UNKNOWN);
	assert_int_equal(f->ledger->blocks[0].verdict, BW_DARK);
	fixture_free(f);
}

static void test_availability_is_learned_or_in_a_check_the_mean_of_what_is_stated(void **state)
{
	struct fixture *daemon = fixture_new(lines, true), *check = fixture_new(lines, false);

	(void)state;
	assert_true(block_of(daemon, 0, &none).availability < 0); /* no host is known yet */
	ledger_seed_hosts(daemon->ledger, 0, (const uint16_t[]){1}, 1, 0.75F, 0.1F);
	assert_float_equal(block_of(daemon, 0, &none).availability, 0.75, 0.001);
	assert_float_equal(block_of(check, 0, &none).availability,
			   roster_availability(&check->roster, 0, 0), 0.001);
	assert_true(block_of(check, 3, &none).availability < 0); /* open: nothing is stated */
	fixture_free(daemon);
	fixture_free(check);
}

static void test_silence_lasts_from_the_first_probe_without_an_answer_on(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	assert_int_equal(block_of(f, 0, &none).silent_since.ns, 0);
	ledger_note_silence(f->ledger, 0, fixture_mono(-20)); /* nothing has ever answered */
	assert_int_equal(block_of(f, 0, &none).silent_since.ns, fixture_wall(-20).ns);
	f->ledger->blocks[0].last_answer = fixture_mono(-15);
	assert_int_equal(block_of(f, 0, &none).silent_since.ns, 0);
	ledger_note_silence(f->ledger, 0, fixture_mono(-16)); /* an older probe */
	assert_int_equal(block_of(f, 0, &none).silent_since.ns, 0);
	ledger_note_silence(f->ledger, 0, fixture_mono(-10));
	ledger_note_silence(f->ledger, 0, fixture_mono(-5));
	assert_int_equal(f->ledger->outages.count, 1); /* silence alone is no trouble */
	assert_int_equal(block_of(f, 0, &none).silent_since.ns, fixture_wall(-10).ns);
	fixture_free(f);
}

static void test_a_target_counts_blocks_and_networks_as_they_stand(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct record_target t;

	(void)state;
	f->ledger->blocks[0].verdict = BW_DARK;
	f->ledger->blocks[1].verdict = BW_UP;
	f->ledger->blocks[2].verdict = BW_DARK;
	f->ledger->sums.targets[0].round = 6;
	t = target_of(f, 0);
	assert_string_equal(t.target, "a");
	assert_int_equal(t.verdict, BW_PARTLY_DARK);
	assert_int_equal(t.blocks.total, 3);
	assert_int_equal(t.blocks.of[BW_DARK], 2);
	assert_int_equal(t.blocks.of[BW_UP], 1);
	assert_int_equal(t.networks.total, 2);
	assert_int_equal(t.networks.of[BW_DARK], 1);
	assert_int_equal(t.networks.of[BW_PARTLY_DARK], 1);
	assert_int_equal(t.round, 6);
	fixture_free(f);
}

static void test_while_blind_a_target_agrees_with_the_records_of_its_blocks(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct record_target t;

	(void)state;
	f->ledger->blocks[0].verdict = BW_DARK;
	f->ledger->blocks[1].verdict = BW_UP;
	f->ledger->ways.of[0].reasons = BW_WHY_VANTAGE_OFFLINE;
	f->ledger->ways.of[0].since = fixture_mono(3);
	t = target_of(f, 0);
	assert_int_equal(t.verdict, BW_UNKNOWN);
	assert_int_equal(t.reasons, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(t.blocks.of[BW_UNKNOWN], 3);
	assert_int_equal(t.networks.of[BW_UNKNOWN], 2);
	assert_int_equal(t.blocks.of[BW_DARK] + t.blocks.of[BW_UP], 0);
	assert_int_equal(t.since.ns, fixture_wall(3).ns);
	fixture_set_time(f, 60);
	assert_int_equal(target_of(f, 0).since.ns, fixture_wall(3).ns);
	fixture_free(f);
}

static void test_a_target_is_up_since_its_first_block_and_dark_since_its_last(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		f->ledger->blocks[i].verdict = BW_UP;
		f->ledger->blocks[i].since = fixture_mono(10 * (3 - i));
	}
	assert_int_equal(target_of(f, 0).since.ns, fixture_wall(10).ns);
	for (uint32_t i = 0; i < 3; i++)
		f->ledger->blocks[i].verdict = BW_DARK;
	assert_int_equal(target_of(f, 0).since.ns, fixture_wall(30).ns);
	fixture_free(f);
}

static void test_the_vantage_is_healthy_without_a_reason(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	records_vantage(f->ledger);
	assert_true(fixture_record_of(f, RECORD_VANTAGE, 0)->vantage.healthy);
	assert_string_equal(fixture_record_of(f, RECORD_VANTAGE, 0)->vantage.version, "0");
	f->ledger->ways.of[0].reasons = BW_WHY_SUSPENDED;
	records_vantage(f->ledger);
	assert_false(fixture_record_of(f, RECORD_VANTAGE, 1)->vantage.healthy);
	assert_int_equal(fixture_record_of(f, RECORD_VANTAGE, 1)->vantage.reasons,
			 BW_WHY_SUSPENDED);
	fixture_free(f);
}

static void test_a_probe_has_a_record_when_it_was_sent(void **state)
{
	struct outcome outcome = {
		.kind = OUTCOME_VOID,
		.probe = {.subject = 1},
		.sent = fixture_mono(2),
		.rtt_ns = 40,
	};
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	records_probe(f->ledger, &outcome);
	assert_int_equal(f->count, 0);
	outcome.kind = OUTCOME_REPLY;
	records_probe(f->ledger, &outcome);
	outcome.kind = OUTCOME_TIMEOUT;
	records_probe(f->ledger, &outcome);
	assert_string_equal(fixture_record_of(f, RECORD_PROBE, 0)->probe.outcome, "reply");
	assert_int_equal(fixture_record_of(f, RECORD_PROBE, 0)->probe.rtt_ns, 40);
	assert_int_equal(fixture_record_of(f, RECORD_PROBE, 0)->probe.sent.ns, fixture_wall(2).ns);
	assert_int_equal(fixture_record_of(f, RECORD_PROBE, 1)->probe.rtt_ns, -1);
	fixture_free(f);
}

/* Whether the sender of an error that a probe to block 1 met, and that came with TTL, is hidden. */
static bool hides(struct fixture *f, const char *from, uint8_t ttl)
{
	struct outcome outcome = {.kind = OUTCOME_ERROR,
				  .probe = {.subject = 1},
				  .sent = fixture_mono(2),
				  .ttl = ttl};
	const struct record_probe *probe;

	fixture_forget(f);
	assert_int_equal(bw_addr_parse(from, &outcome.from), 0);
	records_probe(f->ledger, &outcome);
	probe = &fixture_record_of(f, RECORD_PROBE, 0)->probe;
	assert_int_equal(probe->from.family == 0, probe->hidden);
	return probe->hidden;
}

static void test_routers_of_the_vantage_network_are_hidden(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	assert_false(hides(f, "10.98.0.1", 64));
	f->ledger->config.privacy_ttl = 2;
	assert_true(hides(f, "10.98.0.1", 64));
	assert_true(hides(f, "10.98.0.2", 254));
	assert_true(hides(f, "10.98.0.2", 127));
	assert_false(hides(f, "10.98.0.3", 253));
	assert_false(hides(f, "10.98.0.3", 62));
	assert_false(hides(f, "198.18.1.1", 64)); /* from inside the block */
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_record_has_the_next_seq_and_the_present_time),
		cmocka_unit_test(test_of_a_block_that_is_never_asked_nothing_is_believed),
		cmocka_unit_test(test_a_block_is_told_with_its_round),
		cmocka_unit_test(test_reasons_belong_to_unknown_only),
		cmocka_unit_test(
			test_while_blind_every_verdict_is_unknown_for_the_reasons_of_the_vantage),
		cmocka_unit_test(
			test_availability_is_learned_or_in_a_check_the_mean_of_what_is_stated),
		cmocka_unit_test(test_silence_lasts_from_the_first_probe_without_an_answer_on),
		cmocka_unit_test(test_a_target_counts_blocks_and_networks_as_they_stand),
		cmocka_unit_test(test_while_blind_a_target_agrees_with_the_records_of_its_blocks),
		cmocka_unit_test(test_a_target_is_up_since_its_first_block_and_dark_since_its_last),
		cmocka_unit_test(test_the_vantage_is_healthy_without_a_reason),
		cmocka_unit_test(test_a_probe_has_a_record_when_it_was_sent),
		cmocka_unit_test(test_routers_of_the_vantage_network_are_hidden),
	};

	return cmocka_run_group_tests_name("vantage/records", tests, NULL, NULL);
}
