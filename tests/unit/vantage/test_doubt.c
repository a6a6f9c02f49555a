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

/* All were heard for HOURS and never seen off. */
static void hear(struct watched *w, uint32_t hours)
{
	for (uint32_t i = 1; i < 4; i++)
		ledger_outage_for(w->fixture->ledger, i)->absences =
			(struct absences){.heard_hours = hours};
}

/* Block 1 is silent since second 60, which is its own absence for SECONDS, give or take ten. */
static void assert_absent_for(struct watched *w, int64_t seconds)
{
	fixture_set_time(w->fixture, 60 + seconds - 10);
	assert_true(doubt_is_own_absence(w->fixture->ledger, 1));
	fixture_set_time(w->fixture, 60 + seconds + 10);
	assert_false(doubt_is_own_absence(w->fixture->ledger, 1));
}

/* The silence of one host is its own for 24 h when nothing is known. */
static void test_a_single_host_may_be_absent_for_hours(void **state)
{
	struct watched w;
	struct block *block;

	(void)state;
	begin(&w);
	assert_false(doubt_is_own_absence(w.fixture->ledger, 0));
	assert_true(doubt_is_own_absence(w.fixture->ledger, 1));
	fixture_set_time(w.fixture, 60);
	block = round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	assert_int_equal(block->reasons, BW_WHY_FEW_HOSTS);
	assert_absent_for(&w, 24 * HOUR_S);
	end(&w);
}

/*
 * Three that were never seen off in H hours: half an absence in 3 H + 1, weighs as one in twice
 * that, so 1 in 7 H + 2 is expected. In 480 h that is 8.691 times as often as .3 in a year, and 4
 * absences of 10 h together are all that is known of the lengths: 10 h (8.691^(1/4) - 1). In
 * 1440 h it is 2.898 times as often, and what is rarer still is 3 h.
 */
static void test_hosts_never_seen_off_are_dark_the_sooner_the_longer_they_were_heard(void **state)
{
	struct watched w;

	(void)state;
	begin(&w);
	fixture_set_time(w.fixture, 60);
	(void)round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	hear(&w, 480);
	assert_absent_for(&w, 25814);
	hear(&w, 1440);
	assert_absent_for(&w, 10972);
	hear(&w, 4000);
	assert_absent_for(&w, 3 * HOUR_S);
	end(&w);
}

/*
 * Ten absences of two hours, of the block itself: 30 h are 14 known lengths, which weigh as 8, and
 * its own 10 make 37.1 h of 18. Of a sibling they are 17.1 h of 8, and 11 times rarer.
 */
static void test_the_absences_of_a_block_say_more_of_it_than_those_of_a_sibling(void **state)
{
	const struct absences often = {20 * HOUR_S * BW_S, 10, 480};
	struct watched w;

	(void)state;
	begin(&w);
	fixture_set_time(w.fixture, 60);
	(void)round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	hear(&w, 480);
	ledger_outage_for(w.fixture->ledger, 1)->absences = often;
	assert_absent_for(&w, 55560);
	hear(&w, 480);
	ledger_outage_for(w.fixture->ledger, 2)->absences = often;
	assert_absent_for(&w, 38236);
	/* Hundred absences of a minute. */
	ledger_outage_for(w.fixture->ledger, 2)->absences =
		(struct absences){100 * 60 * BW_S, 100, 480};
	assert_absent_for(&w, 3 * HOUR_S);
	end(&w);
}

/*
 * Of hosts of which nothing is known, .5 absences of 2.5 h are expected in an hour: .556 of an
 * outage's beginnings fall into one, and ln(556) means cover 999 of 1000 cases. With ten of two
 * hours in 480 h these are ln(35.5) of 2.06 h; and with none in 480 h, less than one in 1000.
 */
static void test_an_outage_may_begin_in_an_absence(void **state)
{
	const struct absences often = {20 * HOUR_S * BW_S, 10, 480};
	struct watched w;

	(void)state;
	begin(&w);
	fixture_set_time(w.fixture, 60);
	(void)round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	assert_int_equal(doubt_began_by(w.fixture->ledger, 1).ns, fixture_mono(60).ns);
	fixture_set_time(w.fixture, 60 + 24 * HOUR_S);
	assert_in_range(doubt_began_by(w.fixture->ledger, 1).ns, fixture_mono(60 + 56800).ns,
			fixture_mono(60 + 56960).ns);
	hear(&w, 480);
	assert_int_equal(doubt_began_by(w.fixture->ledger, 1).ns, fixture_mono(60).ns);
	ledger_outage_for(w.fixture->ledger, 1)->absences = often;
	assert_in_range(doubt_began_by(w.fixture->ledger, 1).ns, fixture_mono(60 + 26400).ns,
			fixture_mono(60 + 26600).ns);
	end(&w);
}

/* A silence of ten minutes that ends with this verdict: how many absences are COUNTED. */
static void ten_minutes_become(enum bw_verdict verdict, unsigned counted)
{
	const struct verdict_decision decision = {.to = verdict};
	const struct absences *absences;
	struct watched w;

	begin(&w);
	fixture_set_time(w.fixture, 60);
	(void)round_of(&w, 1, EVIDENCE_SILENT, -4, true);
	fixture_set_time(w.fixture, 660);
	events_decide(w.fixture->ledger, 1, &decision);
	absences = &ledger_outage_of(w.fixture->ledger, 1)->absences;
	assert_int_equal(absences->count, counted);
	assert_int_equal(absences->total_ns, 600 * BW_S);
	end(&w);
}

/* An absence called dark was as long as that at least. */
static void test_an_absence_that_outlasts_the_limit_counts_as_long(void **state)
{
	(void)state;
	ten_minutes_become(BW_DARK, 0);
}

static void test_hours_with_an_answer_are_counted_of_few_hosts(void **state)
{
	struct watched w;
	struct ledger *l;

	(void)state;
	begin(&w);
	l = w.fixture->ledger;
	for (int64_t minute = 0; minute < 300; minute += 20)
		for (uint32_t i = 0; i < 2; i++) {
			fixture_set_time(w.fixture, minute * 60);
			doubt_note_heard(l, i);
			l->tracks[i].last_round = l->now.mono;
		}
	assert_int_equal(ledger_outage_of(l, 0)->absences.heard_hours, 0);
	assert_in_range(ledger_outage_of(l, 1)->absences.heard_hours, 4, 5);
	end(&w);
}

static void test_an_absence_that_ends_is_learned(void **state)
{
	(void)state;
	ten_minutes_become(BW_UP, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_low_belief_is_not_up_for_longer_than_a_confirmation),
		cmocka_unit_test(test_what_is_not_heard_of_for_three_rounds_is_unknown),
		cmocka_unit_test(test_a_silence_before_missed_rounds_is_kept),
		cmocka_unit_test(test_what_is_up_without_an_answer_is_unknown),
		cmocka_unit_test(test_a_single_host_may_be_absent_for_hours),
		cmocka_unit_test(
			test_hosts_never_seen_off_are_dark_the_sooner_the_longer_they_were_heard),
		cmocka_unit_test(
			test_the_absences_of_a_block_say_more_of_it_than_those_of_a_sibling),
		cmocka_unit_test(test_an_outage_may_begin_in_an_absence),
		cmocka_unit_test(test_an_absence_that_outlasts_the_limit_counts_as_long),
		cmocka_unit_test(test_hours_with_an_answer_are_counted_of_few_hosts),
		cmocka_unit_test(test_an_absence_that_ends_is_learned),
	};

	return cmocka_run_group_tests_name("vantage/doubt", tests, NULL, NULL);
}
