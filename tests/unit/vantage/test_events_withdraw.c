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
		dark[n] = fixture_record_of(f, RECORD_EVENT, 3 + 1 + n)->head.seq;
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

static void test_the_block_is_up_again_since_its_last_answer_before(void **state)
{
	struct fixture *f = setup();
	const struct record_block *b;

	(void)state;
	fixture_forget(f);
	assert_true(withdraw(f, 2, 98));
	b = &fixture_record_of(f, RECORD_BLOCK, 0)->block;
	assert_int_equal(b->verdict, BW_UP);
	assert_int_equal(b->since.ns, fixture_wall(EARLIEST_S).ns);
	assert_int_equal(b->last_answer.ns, fixture_wall(98).ns);
	assert_int_equal(b->replies, 1);
	assert_int_equal(b->rtt_min_ns, 20 * BW_S);
	assert_true(b->belief > 0.9);
	assert_int_equal(f->ledger->sums.networks[1].verdict, BW_UP);
	assert_int_equal(f->ledger->sums.targets[1].verdict, BW_UP);
	fixture_free(f);
}

static void test_sums_that_were_dark_by_all_blocks_are_up_by_one(void **state)
{
	struct fixture *f = setup();

	(void)state;
	fixture_forget(f);
	assert_true(withdraw(f, 0, 98));
	assert_int_equal(fixture_count_of(f, RECORD_EVENT), 3);
	fixture_forget(f);
	assert_true(withdraw(f, 1, 98)); /* network and target are up already */
	assert_int_equal(fixture_count_of(f, RECORD_EVENT), 1);
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
		cmocka_unit_test(test_the_block_is_up_again_since_its_last_answer_before),
		cmocka_unit_test(test_sums_that_were_dark_by_all_blocks_are_up_by_one),
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
