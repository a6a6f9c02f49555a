/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/events.h"
#include "vantage/watch/schedule/doubt.h"

#define HOUR_S 3600
#define ROUND_S 60

/* A network of three hosts, and three of one host each. */
static const char lines[] = "a 198.18.0.0/24 3\n"
			    "a 198.18.1.0/24 1\n"
			    "a 198.18.2.0/24 1\n"
			    "a 198.18.3.0/24 1\n";

struct watched {
	struct fixture *fixture;
	struct vantage_plan plan;
	struct allowance allowance;
};

/* All blocks answered at second 0. */
static void begin(struct watched *w)
{
	w->fixture = fixture_new(lines, true);
	w->plan = (struct vantage_plan){
		.round_ns = ROUND_S * BW_S,
		.probes_per_hour = 3600,
		.confirm_ns = 5 * BW_S,
	};
	assert_int_equal(allowance_init(&w->allowance, w->fixture->ledger, &w->plan), 0);
	for (uint32_t i = 0; i < 4; i++) {
		struct block *block = &w->fixture->ledger->blocks[i];

		block->verdict = BW_UP;
		block->log_odds = 5;
		block->since = block->last_answer = fixture_mono(0);
	}
}

static void end(struct watched *w)
{
	allowance_fini(&w->allowance);
	fixture_free(w->fixture);
}

/* A round of BLOCK in which one probe had this outcome, and which left this belief. */
static struct block *round_of(struct watched *w, uint32_t block, enum evidence_state state,
			      float log_odds, bool resumed)
{
	const struct evidence probe = {.availability = 0.9F};
	struct evidence_log x;

	evidence_begin(&x, 0, 5 * BW_S);
	x.resumed = resumed;
	assert_int_equal(evidence_ask(&x, &probe, w->fixture->ledger->now.mono), 0);
	evidence_sent(&x, 0, w->fixture->ledger->now.mono);
	evidence_settle(&x, 0, state);
	w->fixture->ledger->blocks[block].log_odds = log_odds;
	doubt_round(&w->allowance, block, &x);
	return &w->fixture->ledger->blocks[block];
}

static void test_a_low_belief_is_not_up_for_longer_than_a_confirmation(void **state)
{
	struct watched w;
	struct block *block;

	(void)state;
	begin(&w);
	fixture_set_time(w.fixture, 10);
	assert_int_equal(round_of(&w, 0, EVIDENCE_SILENT, -1, false)->verdict, BW_UP);
	assert_int_equal(round_of(&w, 0, EVIDENCE_SILENT, 1, true)->verdict, BW_UP);
	assert_int_equal(round_of(&w, 0, EVIDENCE_REPLY, -1, true)->verdict, BW_UP);
	block = round_of(&w, 0, EVIDENCE_SILENT, -1, true);
	assert_int_equal(block->verdict, BW_UNKNOWN);
	assert_int_equal(block->reasons, BW_WHY_FEW_EVIDENCE);
	assert_true(block_is_doubted(block));
	assert_true(block->log_odds == -1);
	end(&w);
}

static void test_what_is_not_heard_of_for_three_rounds_is_unknown(void **state)
{
	struct watched w;
	struct block *block;

	(void)state;
	begin(&w);
	w.fixture->ledger->blocks[0].known = true;
	fixture_set_time(w.fixture, 3 * ROUND_S);
	assert_int_equal(round_of(&w, 0, EVIDENCE_VOID, 5, false)->verdict, BW_UP);
	doubt_missed_round(&w.allowance, 1, BW_WHY_FEW_EVIDENCE);
	assert_int_equal(w.fixture->ledger->blocks[1].verdict, BW_UP);
	fixture_set_time(w.fixture, 3 * ROUND_S + 1);
	block = round_of(&w, 0, EVIDENCE_VOID, 5, false);
	assert_int_equal(block->verdict, BW_UNKNOWN);
	assert_int_equal(block->reasons, BW_WHY_SEND_FAILED);
	assert_false(block_is_doubted(block));
	doubt_missed_round(&w.allowance, 1, BW_WHY_FEW_EVIDENCE);
	assert_int_equal(w.fixture->ledger->blocks[1].verdict, BW_UNKNOWN);
	assert_int_equal(w.fixture->count, 0); /* no event */
	end(&w);
}

/* Its last probes were silent, and then it had no round: it was up, and is silent. */
static void test_a_silence_before_missed_rounds_is_kept(void **state)
{
	struct watched w;

	(void)state;
	begin(&w);
	w.fixture->ledger->blocks[1].known = true;
	w.fixture->ledger->unanswered[1] = 0.9F;
	fixture_set_time(w.fixture, 3 * ROUND_S + 1);
	doubt_missed_round(&w.allowance, 1, BW_WHY_FEW_EVIDENCE);
	assert_true(block_is_doubted(&w.fixture->ledger->blocks[1]));
	end(&w);
}

/* As a state file may say. */
static void test_what_is_up_without_an_answer_is_unknown(void **state)
{
	struct watched w;

	(void)state;
	begin(&w);
	w.fixture->ledger->blocks[1].last_answer = BLOCK_NEVER_ANSWERED;
	doubt_missed_round(&w.allowance, 1, BW_WHY_FEW_EVIDENCE);
	assert_int_equal(w.fixture->ledger->blocks[1].verdict, BW_UNKNOWN);
	end(&w);
}

/* The silence of one host is its own for 24 h when nothing is known, for 3 h at least. */
static void test_a_single_host_may_be_absent_for_hours(void **state)
{
	struct watched w;
	struct outage_memory *memory;
	struct block *block;

	(void)state;
	begin(&w);
	assert_false(doubt_is_own_absence(w.fixture->ledger, 0));
	assert_true(doubt_is_own_absence(w.fixture->ledger, 1));
	fixture_set_time(w.fixture, 60);
	block = round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	assert_int_equal(block->reasons, BW_WHY_FEW_HOSTS);
	fixture_set_time(w.fixture, 60 + 24 * HOUR_S - 1);
	assert_true(doubt_is_own_absence(w.fixture->ledger, 1));
	fixture_set_time(w.fixture, 60 + 24 * HOUR_S);
	assert_false(doubt_is_own_absence(w.fixture->ledger, 1));
	/* Hundred absences of a minute, of a sibling. */
	memory = ledger_outage_for(w.fixture->ledger, 2);
	memory->absences = (struct absences){100 * 60 * BW_S, 100};
	fixture_set_time(w.fixture, 60 + 3 * HOUR_S - 1);
	assert_true(doubt_is_own_absence(w.fixture->ledger, 1));
	fixture_set_time(w.fixture, 60 + 3 * HOUR_S);
	assert_false(doubt_is_own_absence(w.fixture->ledger, 1));
	end(&w);
}

/*
 * The host was absent for .0476 of three days, and so it was when an outage began: ln(47.6) mean
 * absences of 24 / 7 h cover 999 of 1000 cases. With a hundred of a minute these are ln(70.8) of
 * 182 s.
 */
static void test_an_outage_may_begin_in_an_absence(void **state)
{
	struct watched w;

	(void)state;
	begin(&w);
	fixture_set_time(w.fixture, 60);
	(void)round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	assert_int_equal(doubt_began_by(w.fixture->ledger, 1).ns, fixture_mono(60).ns);
	fixture_set_time(w.fixture, 60 + 24 * HOUR_S);
	assert_in_range(doubt_began_by(w.fixture->ledger, 1).ns, fixture_mono(60 + 47600).ns,
			fixture_mono(60 + 47800).ns);
	ledger_outage_for(w.fixture->ledger, 2)->absences = (struct absences){100 * 60 * BW_S, 100};
	assert_in_range(doubt_began_by(w.fixture->ledger, 1).ns, fixture_mono(60 + 765).ns,
			fixture_mono(60 + 785).ns);
	end(&w);
}

static void test_an_absence_that_ends_is_learned(void **state)
{
	const struct verdict_decision up = {.to = BW_UP};
	struct watched w;
	const struct outage_memory *memory;

	(void)state;
	begin(&w);
	fixture_set_time(w.fixture, 60);
	(void)round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	fixture_set_time(w.fixture, 660);
	events_decide(w.fixture->ledger, 1, &up);
	memory = ledger_outage_of(w.fixture->ledger, 1);
	assert_int_equal(memory->absences.count, 1);
	assert_int_equal(memory->absences.total_ns, 600 * BW_S);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_low_belief_is_not_up_for_longer_than_a_confirmation),
		cmocka_unit_test(test_what_is_not_heard_of_for_three_rounds_is_unknown),
		cmocka_unit_test(test_a_silence_before_missed_rounds_is_kept),
		cmocka_unit_test(test_what_is_up_without_an_answer_is_unknown),
		cmocka_unit_test(test_a_single_host_may_be_absent_for_hours),
		cmocka_unit_test(test_an_outage_may_begin_in_an_absence),
		cmocka_unit_test(test_an_absence_that_ends_is_learned),
	};

	return cmocka_run_group_tests_name("vantage/doubt", tests, NULL, NULL);
}
