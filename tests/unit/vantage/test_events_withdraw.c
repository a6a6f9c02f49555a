/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/events.h"

/* Late replies to probes of a block that was called dark. Target b: block 2 alone. */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "b 198.19.0.0/24 3\n";

#define EARLIEST_S 90
#define LATEST_S 95
#define DECIDED_S 100

static void decide(struct fixture *f, uint32_t block, enum bw_verdict to, double earliest,
		   double latest)
{
	f->ledger->blocks[block].log_odds = to == BW_UP ? 7 : -7;
	events_decide(f->ledger, block,
		      &(struct verdict_decision){
			      .to = to,
			      .earliest = fixture_mono(earliest),
			      .latest = fixture_mono(latest),
		      });
}

/* All blocks are dark, decided at 100 s; it is 120 s now, and the records are forgotten. */
static struct fixture *setup(void)
{
	struct fixture *f = fixture_new(lines, true);

	for (uint32_t i = 0; i < 3; i++) {
		decide(f, i, BW_UP, 0, 0);
		ledger_seed_hosts(f->ledger, i, (const uint16_t[]){0, 1, 2}, 3, 0.9F, 0.1F);
		f->ledger->blocks[i].last_answer = fixture_mono(EARLIEST_S);
	}
	fixture_set_time(f, DECIDED_S);
	for (uint32_t i = 0; i < 3; i++)
		decide(f, i, BW_DARK, EARLIEST_S, LATEST_S);
	fixture_set_time(f, 120);
	return f;
}

static struct outcome reply_sent_at(double seconds)
{
	return (struct outcome){
		.kind = OUTCOME_REPLY,
		.late = true,
		.sent = fixture_mono(seconds),
		.rtt_ns = 20 * BW_S,
	};
}

static bool withdraw(struct fixture *f, uint32_t block, double sent)
{
	const struct outcome reply = reply_sent_at(sent);

	return events_withdraw(f->ledger, block, &reply);
}

static void test_a_reply_to_a_probe_of_the_silence_withdraws_block_and_sums(void **state)
{
	static const char *const subjects[] = {"198.19.0.0/24", "198.19.0.0/24", "b"};
	struct fixture *f = setup();
	uint64_t dark[3];

	(void)state;
	for (unsigned n = 0; n < 3; n++) /* the last three events are those of b */
		dark[n] = fixture_record_of(f, RECORD_EVENT, 3 + 3 + n)->head.seq;
	fixture_forget(f);
	assert_true(withdraw(f, 2, 98));
	assert_int_equal(f->count, 4);
	for (unsigned n = 0; n < 3; n++) {
		const struct record_event *e = &fixture_record_of(f, RECORD_EVENT, n)->event;

		assert_string_equal(e->subject, subjects[n]);
		assert_int_equal(e->scope, BW_SCOPE_BLOCK + n);
		assert_int_equal(e->withdraws, dark[n]);
		assert_int_equal(e->from, BW_DARK);
		assert_int_equal(e->to, BW_UP);
	}
	assert_int_equal(f->records[3].record.type, RECORD_BLOCK);
	fixture_free(f);
}

static void test_the_block_is_up_as_it_was_before(void **state)
{
	struct fixture *f = setup();
	const struct record_block *b;

	(void)state;
	fixture_forget(f);
	assert_true(withdraw(f, 2, 98));
	b = &fixture_record_of(f, RECORD_BLOCK, 0)->block;
	assert_int_equal(b->verdict, BW_UP);
	assert_int_equal(b->since.ns, fixture_wall(0).ns);
	assert_int_equal(f->ledger->sums.networks[1].since.ns, fixture_mono(0).ns);
	assert_int_equal(f->ledger->sums.targets[1].since.ns, fixture_mono(0).ns);
	assert_int_equal(b->sent, 1); /* no replies without probes */
	assert_int_equal(b->last_answer.ns, fixture_wall(98).ns);
	assert_int_equal(b->replies, 1);
	assert_int_equal(b->rtt_min_ns, 20 * BW_S);
	assert_true(b->belief > 0.9);
	assert_int_equal(f->ledger->sums.networks[1].verdict, BW_UP);
	assert_int_equal(f->ledger->sums.targets[1].verdict, BW_UP);
	fixture_free(f);
}

/* Event N withdraws one from FROM to TO, so that it leads from TO to FROM. */
static void assert_undone(const struct fixture *f, unsigned n, const char *subject,
			  enum bw_verdict from, enum bw_verdict to)
{
	const struct record_event *event = &fixture_record_of(f, RECORD_EVENT, n)->event;

	assert_string_equal(event->subject, subject);
	assert_int_not_equal(event->withdraws, 0);
	assert_int_equal(event->from, to);
	assert_int_equal(event->to, from);
}

static void test_sums_that_were_dark_by_all_blocks_are_partly_dark_by_one(void **state)
{
	struct fixture *f = setup();

	(void)state;
	fixture_forget(f);
	assert_true(withdraw(f, 0, 98));
	assert_int_equal(fixture_count_of(f, RECORD_EVENT), 3);
	assert_undone(f, 1, "198.18.0.0/23", BW_PARTLY_DARK, BW_DARK);
	assert_undone(f, 2, "a", BW_PARTLY_DARK, BW_DARK);
	fixture_free(f);
}

/* In whichever order its blocks turn out to have been up, a sum has no confirmed event left. */
static void test_all_events_of_a_sum_are_withdrawn_with_its_last_block(void **state)
{
	static const uint32_t orders[][2] = {{0, 1}, {1, 0}};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct fixture *f = setup();

		assert_true(withdraw(f, orders[i][0], 98));
		fixture_forget(f);
		assert_true(withdraw(f, orders[i][1], 98));
		assert_int_equal(fixture_count_of(f, RECORD_EVENT), 3);
		assert_undone(f, 1, "198.18.0.0/23", BW_UP, BW_PARTLY_DARK);
		assert_undone(f, 2, "a", BW_UP, BW_PARTLY_DARK);
		assert_int_equal(f->ledger->sums.targets[0].verdict, BW_UP);
		assert_int_equal(f->ledger->sums.targets[0].since.ns, fixture_mono(0).ns);
		fixture_free(f);
	}
}

/* What was dark truly, and is back, is told as an end; what never was dark is withdrawn. */
static void test_what_another_block_has_caused_stays(void **state)
{
	struct fixture *f = setup();
	const struct record_event *end;

	(void)state;
	decide(f, 1, BW_UP, 110, 115);
	fixture_set_time(f, 200);
	decide(f, 1, BW_DARK, 190, 195);
	fixture_set_time(f, 210);
	decide(f, 0, BW_UP, 200, 205);
	fixture_forget(f);
	assert_true(withdraw(f, 1, 195));
	assert_int_equal(f->ledger->sums.networks[0].verdict, BW_UP);
	assert_undone(f, 1, "198.18.0.0/23", BW_DARK, BW_PARTLY_DARK);
	assert_undone(f, 2, "198.18.0.0/23", BW_PARTLY_DARK, BW_DARK);
	end = &fixture_record_of(f, RECORD_EVENT, 3)->event;
	assert_int_equal(end->scope, BW_SCOPE_NETWORK);
	assert_int_equal(end->from, BW_PARTLY_DARK);
	assert_int_equal(end->to, BW_UP);
	assert_int_equal(end->withdraws, 0);
	fixture_free(f);
}

static void test_the_transition_no_longer_counts_for_flapping(void **state)
{
	struct fixture *f = setup();

	(void)state;
	assert_float_equal(block_penalty(&f->ledger->blocks[2]), 1, 0.01);
	assert_true(withdraw(f, 2, 98));
	assert_float_equal(block_penalty(&f->ledger->blocks[2]), 0, 0.01);
	fixture_free(f);
}

static void test_the_next_outage_is_an_event_again(void **state)
{
	struct fixture *f = setup();

	(void)state;
	assert_true(withdraw(f, 2, 98));
	fixture_forget(f);
	fixture_set_time(f, 200);
	decide(f, 2, BW_DARK, 98, 150);
	assert_int_equal(fixture_count_of(f, RECORD_EVENT), 3);
	assert_int_equal(fixture_record_of(f, RECORD_EVENT, 0)->event.from, BW_UP);
	assert_int_equal(fixture_record_of(f, RECORD_EVENT, 0)->event.earliest.ns,
			 fixture_wall(98).ns);
	fixture_free(f);
}

static void test_a_probe_sent_after_the_decision_proves_recovery_only(void **state)
{
	struct fixture *f = setup();

	(void)state;
	fixture_forget(f);
	assert_false(withdraw(f, 2, DECIDED_S + 0.001));
	assert_int_equal(f->count, 0);
	assert_int_equal(f->ledger->blocks[2].verdict, BW_DARK);
	fixture_free(f);
}

static void test_a_probe_sent_before_the_silence_proves_nothing(void **state)
{
	struct fixture *f = setup();

	(void)state;
	fixture_forget(f);
	assert_false(withdraw(f, 2, EARLIEST_S));
	assert_int_equal(f->count, 0);
	fixture_free(f);
}

static void test_an_up_block_has_nothing_to_withdraw(void **state)
{
	struct fixture *f = setup();

	(void)state;
	decide(f, 2, BW_UP, 110, 115);
	fixture_forget(f);
	assert_false(withdraw(f, 2, 98));
	assert_int_equal(f->count, 0);
	fixture_free(f);
}

static void test_a_check_writes_the_verdict_without_events(void **state)
{
	struct fixture *f = fixture_new(lines, false);

	(void)state;
	decide(f, 0, BW_DARK, 0, 1);
	assert_int_equal(f->ledger->blocks[0].verdict, BW_DARK);
	assert_int_equal(f->count, 0);
	fixture_free(f);
}

static void test_a_check_is_corrected_by_a_late_reply_once(void **state)
{
	struct fixture *f = fixture_new(lines, false);
	const struct outcome reply = reply_sent_at(-1);

	(void)state;
	decide(f, 0, BW_DARK, 0, 1);
	events_correct(f->ledger, 0, &reply);
	assert_int_equal(f->count, 1);
	assert_int_equal(fixture_record_of(f, RECORD_BLOCK, 0)->block.verdict, BW_UP);
	assert_int_equal(fixture_record_of(f, RECORD_BLOCK, 0)->block.replies, 1);
	events_correct(f->ledger, 0, &reply);
	assert_int_equal(f->count, 1);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_reply_to_a_probe_of_the_silence_withdraws_block_and_sums),
		cmocka_unit_test(test_the_block_is_up_as_it_was_before),
		cmocka_unit_test(test_sums_that_were_dark_by_all_blocks_are_partly_dark_by_one),
		cmocka_unit_test(test_all_events_of_a_sum_are_withdrawn_with_its_last_block),
		cmocka_unit_test(test_what_another_block_has_caused_stays),
		cmocka_unit_test(test_the_transition_no_longer_counts_for_flapping),
		cmocka_unit_test(test_the_next_outage_is_an_event_again),
		cmocka_unit_test(test_a_probe_sent_after_the_decision_proves_recovery_only),
		cmocka_unit_test(test_a_probe_sent_before_the_silence_proves_nothing),
		cmocka_unit_test(test_an_up_block_has_nothing_to_withdraw),
		cmocka_unit_test(test_a_check_writes_the_verdict_without_events),
		cmocka_unit_test(test_a_check_is_corrected_by_a_late_reply_once),
	};

	return cmocka_run_group_tests_name("vantage/events_withdraw", tests, NULL, NULL);
}
