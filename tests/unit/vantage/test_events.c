/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/events.h"

/* Target a: network 0 of blocks 0 and 1, network 1 of block 2. Target b: block 3. */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "a 198.18.4.0/24 3\n"
			    "b 198.19.0.0/24 3\n";

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

/* All blocks have been found up, without an event. */
static struct fixture *setup(void)
{
	struct fixture *f = fixture_new(lines, true);

	for (uint32_t i = 0; i < 4; i++) {
		decide(f, i, BW_UP, 0, 0);
		f->ledger->blocks[i].last_answer = fixture_mono(0);
	}
	assert_int_equal(f->count, 0);
	fixture_set_time(f, 100);
	return f;
}

static const struct record_event *event(const struct fixture *f, unsigned n)
{
	return &fixture_record_of(f, RECORD_EVENT, n)->event;
}

static void assert_event(const struct fixture *f, unsigned n, const char *subject,
			 enum bw_verdict from, enum bw_verdict to)
{
	assert_string_equal(event(f, n)->subject, subject);
	assert_int_equal(event(f, n)->from, from);
	assert_int_equal(event(f, n)->to, to);
	assert_int_equal(event(f, n)->withdraws, 0);
}

static void assert_bounds(const struct record_event *event, double earliest, double latest)
{
	assert_int_equal(event->earliest.ns, fixture_wall(earliest).ns);
	assert_int_equal(event->latest.ns, fixture_wall(latest).ns);
}

static enum bw_verdict verdict_of_target(const struct fixture *f, uint32_t target)
{
	return f->ledger->sums.targets[target].verdict;
}

static void test_unknown_to_up_is_no_event_and_the_sums_follow(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	decide(f, 0, BW_UP, 0, 0);
	assert_int_equal(f->count, 0);
	assert_int_equal(f->ledger->sums.networks[0].verdict, BW_UP);
	assert_int_equal(f->ledger->sums.networks[1].verdict, BW_UNKNOWN);
	assert_int_equal(verdict_of_target(f, 0), BW_UP);
	assert_int_equal(verdict_of_target(f, 1), BW_UNKNOWN);
	fixture_free(f);
}

static void test_block_network_and_target_follow_each_other_in_one_moment(void **state)
{
	struct fixture *f = setup();

	(void)state;
	decide(f, 3, BW_DARK, 90, 95);
	assert_int_equal(f->count, 3);
	assert_event(f, 0, "198.19.0.0/24", BW_UP, BW_DARK);
	assert_int_equal(event(f, 0)->scope, BW_SCOPE_BLOCK);
	assert_event(f, 1, "198.19.0.0/24", BW_UP, BW_DARK);
	assert_int_equal(event(f, 1)->scope, BW_SCOPE_NETWORK);
	assert_event(f, 2, "b", BW_UP, BW_DARK);
	assert_int_equal(event(f, 2)->scope, BW_SCOPE_TARGET);
	for (unsigned n = 0; n < 3; n++) {
		assert_string_equal(event(f, n)->target, "b");
		assert_bounds(event(f, n), 90, 95);
		assert_int_equal(event(f, n)->detected.ns, fixture_wall(100).ns);
		assert_int_equal(f->records[n].record.head.seq, n + 1);
	}
	fixture_free(f);
}

static void test_a_sum_is_partly_dark_with_the_first_and_dark_with_the_last(void **state)
{
	struct fixture *f = setup();

	(void)state;
	decide(f, 0, BW_DARK, 10, 11);
	assert_int_equal(f->count, 3);
	assert_event(f, 1, "198.18.0.0/23", BW_UP, BW_PARTLY_DARK);
	assert_event(f, 2, "a", BW_UP, BW_PARTLY_DARK); /* one of three blocks */
	assert_bounds(event(f, 2), 10, 11);
	decide(f, 1, BW_DARK, 20, 21);
	assert_int_equal(f->count, 5);
	assert_event(f, 4, "198.18.0.0/23", BW_PARTLY_DARK, BW_DARK);
	assert_int_equal(verdict_of_target(f, 0), BW_PARTLY_DARK);
	decide(f, 2, BW_DARK, 30, 31);
	assert_int_equal(f->count, 8);
	assert_event(f, 7, "a", BW_PARTLY_DARK, BW_DARK);
	assert_int_equal(event(f, 0)->blocks.total, 0); /* a block has no parts */
	assert_int_equal(event(f, 1)->blocks.dark, 1);
	assert_int_equal(event(f, 1)->blocks.total, 2);
	assert_int_equal(event(f, 1)->networks.total, 0);
	assert_int_equal(event(f, 2)->networks.dark, 0);
	assert_int_equal(event(f, 2)->networks.total, 2);
	assert_int_equal(event(f, 7)->networks.dark, 2);
	assert_int_equal(event(f, 7)->blocks.dark, 3);
	fixture_free(f);
}

static void test_a_dark_sum_has_the_bounds_of_the_member_that_began_last(void **state)
{
	struct fixture *f = setup();

	(void)state;
	decide(f, 0, BW_DARK, 30, 40);
	decide(f, 1, BW_DARK, 10, 20); /* decided later, but it began before */
	assert_bounds(event(f, 4), 30, 40);
	assert_int_equal(f->ledger->sums.networks[0].since.ns, fixture_mono(40).ns);
	fixture_free(f);
}

/* One member has answered long before the last silence of the others, which bounds the last. */
static void test_one_cold_host_does_not_widen_the_bounds_of_a_sum(void **state)
{
	struct fixture *f = setup();

	(void)state;
	fixture_set_time(f, 90000);
	decide(f, 0, BW_DARK, 89910, 89936);
	decide(f, 2, BW_DARK, 18960, 90000); /* a cold host, 19 h 44 min ago */
	decide(f, 1, BW_DARK, 89905, 89940);
	assert_event(f, f->count - 1, "a", BW_PARTLY_DARK, BW_DARK);
	assert_bounds(event(f, f->count - 1), 89910, 90000);
	fixture_free(f);
}

static void test_the_first_member_that_is_back_ends_the_outage_of_its_sums(void **state)
{
	struct fixture *f = setup();
	const struct record_event *network;

	(void)state;
	decide(f, 0, BW_DARK, 10, 20);
	decide(f, 1, BW_DARK, 30, 40);
	fixture_forget(f);
	fixture_set_time(f, 1100);
	decide(f, 0, BW_UP, 1040, 1050);
	assert_int_equal(f->count, 2); /* the target was never dark */
	assert_event(f, 0, "198.18.0.0/24", BW_DARK, BW_UP);
	assert_event(f, 1, "198.18.0.0/23", BW_DARK, BW_PARTLY_DARK);
	network = event(f, 1);
	assert_bounds(network, 1040, 1050);
	assert_true(network->has_outage);
	assert_int_equal(network->outage_start.ns, fixture_wall(40).ns);
	assert_int_equal(network->outage_end.ns, fixture_wall(1050).ns);
	assert_int_equal(event(f, 0)->outage_start.ns, fixture_wall(20).ns);
	fixture_forget(f);
	decide(f, 1, BW_UP, 1060, 1070);
	assert_event(f, 1, "198.18.0.0/23", BW_PARTLY_DARK, BW_UP);
	assert_false(event(f, 1)->has_outage);
	assert_event(f, 2, "a", BW_PARTLY_DARK, BW_UP);
	fixture_free(f);
}

/* That nothing can be told of a dark block for a while is no event of its sums. */
static void test_a_dark_block_that_cannot_be_judged_changes_no_sum(void **state)
{
	struct fixture *f = setup();

	(void)state;
	decide(f, 2, BW_DARK, 10, 20);
	assert_int_equal(verdict_of_target(f, 0), BW_PARTLY_DARK);
	fixture_forget(f);
	events_decide(f->ledger, 2,
		      &(struct verdict_decision){.to = BW_UNKNOWN, .reasons = BW_WHY_NO_ROUTE});
	assert_int_equal(f->count, 0);
	assert_int_equal(verdict_of_target(f, 0), BW_PARTLY_DARK);
	decide(f, 2, BW_DARK, 10, 20);
	assert_int_equal(f->count, 0);
	decide(f, 0, BW_DARK, 30, 40);
	decide(f, 1, BW_DARK, 30, 40);
	assert_int_equal(verdict_of_target(f, 0), BW_DARK);
	fixture_forget(f);
	events_decide(f->ledger, 2,
		      &(struct verdict_decision){.to = BW_UNKNOWN, .reasons = BW_WHY_NO_ROUTE});
	assert_int_equal(f->count, 0);
	assert_int_equal(verdict_of_target(f, 0), BW_DARK); /* all that is known of it */
	fixture_free(f);
}

static void test_events_of_a_subject_form_a_chain(void **state)
{
	enum bw_verdict last = BW_UP;
	struct fixture *f = setup();

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		fixture_set_time(f, 1000 * (i + 1));
		decide(f, 3, i % 2 ? BW_UP : BW_DARK, 1000 * i + 990, 1000 * i + 995);
		events_settle(f->ledger, 3);
	}
	fixture_set_time(f, 100000);
	events_settle(f->ledger, 3);
	for (unsigned n = 0; n < f->count; n++) {
		if (event(f, n)->scope != BW_SCOPE_TARGET)
			continue;
		assert_int_equal(event(f, n)->from, last);
		assert_int_not_equal(event(f, n)->to, last);
		last = event(f, n)->to;
	}
	assert_int_equal(last, BW_UP);
	fixture_free(f);
}

static void test_a_member_that_never_answered_does_not_keep_a_target_from_dark(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	events_decide(f->ledger, 0,
		      &(struct verdict_decision){.to = BW_UNKNOWN, .reasons = BW_WHY_NEVER_SEEN});
	decide(f, 1, BW_UP, 0, 0);
	events_decide(f->ledger, 2,
		      &(struct verdict_decision){.to = BW_UNKNOWN, .reasons = BW_WHY_NEVER_SEEN});
	fixture_forget(f);
	decide(f, 1, BW_DARK, 10, 20);
	assert_event(f, 1, "198.18.0.0/23", BW_UP, BW_DARK);
	assert_event(f, 2, "a", BW_UP, BW_DARK);
	fixture_free(f);
}

static void test_the_third_transition_soon_after_is_flapping(void **state)
{
	struct fixture *f = setup();

	(void)state;
	decide(f, 0, BW_DARK, 90, 95);
	fixture_set_time(f, 110);
	decide(f, 0, BW_UP, 100, 105);
	fixture_set_time(f, 120);
	fixture_forget(f);
	decide(f, 0, BW_DARK, 110, 115);
	assert_event(f, 0, "198.18.0.0/24", BW_UP, BW_DARK);
	fixture_set_time(f, 130);
	fixture_forget(f);
	decide(f, 0, BW_UP, 120, 125); /* 4 transitions, of which 3.99 are left */
	assert_event(f, 0, "198.18.0.0/24", BW_DARK, BW_FLAPPING);
	fixture_forget(f);
	decide(f, 0, BW_DARK, 130, 135); /* a phase is no event */
	assert_int_equal(f->count, 0);
	assert_int_equal(f->ledger->blocks[0].verdict, BW_FLAPPING);
	assert_true(block_is_down(&f->ledger->blocks[0]));
	fixture_free(f);
}

/* Goes down for 10 s, three times, and ends in a down phase since 195 s (or up since 185). */
static struct fixture *flapping(bool down)
{
	struct fixture *f = setup();

	for (unsigned i = 0; i < (down ? 7U : 6U); i++) {
		fixture_set_time(f, 140 + 10 * i);
		decide(f, 3, i % 2 ? BW_UP : BW_DARK, 130 + 10 * i, 135 + 10 * i);
	}
	assert_int_equal(f->ledger->blocks[3].verdict, BW_FLAPPING);
	assert_int_equal(block_is_down(&f->ledger->blocks[3]), down);
	fixture_forget(f);
	return f;
}

static void test_a_flapping_block_is_dark_when_silent_for_far_longer_than_before(void **state)
{
	struct fixture *f = flapping(true);

	(void)state;
	fixture_set_time(f, 195 + 36);
	events_settle(f->ledger, 3);
	assert_int_equal(f->count, 0);
	fixture_set_time(f, 195 + 37); /* three phases of 10 s: 3 + 2 / 3 times the longest */
	events_settle(f->ledger, 3);
	assert_event(f, 0, "198.19.0.0/24", BW_FLAPPING, BW_DARK);
	assert_int_equal(event(f, 0)->latest.ns, fixture_wall(195).ns);
	assert_event(f, 2, "b", BW_FLAPPING, BW_DARK);
	fixture_free(f);
}

/* A single answer amid the phase does not turn the bounds of its start around. */
static void test_an_answer_in_a_down_phase_leaves_the_bounds_in_order(void **state)
{
	struct fixture *f = flapping(true);

	(void)state;
	f->ledger->blocks[3].last_answer = fixture_mono(200);
	fixture_set_time(f, 195 + 37);
	events_settle(f->ledger, 3);
	assert_event(f, 0, "198.19.0.0/24", BW_FLAPPING, BW_DARK);
	assert_int_equal(event(f, 0)->latest.ns, fixture_wall(195).ns);
	assert_true(event(f, 0)->earliest.ns <= event(f, 0)->latest.ns);
	fixture_free(f);
}

static void test_a_flapping_block_is_up_when_the_penalty_has_decayed(void **state)
{
	struct fixture *f = flapping(false);

	(void)state;
	fixture_set_time(f, 2 * 3600); /* 6 transitions: about 1.5 are left */
	events_settle(f->ledger, 3);
	assert_int_equal(f->count, 0);
	fixture_set_time(f, 3 * 3600);
	events_settle(f->ledger, 3);
	assert_event(f, 0, "198.19.0.0/24", BW_FLAPPING, BW_UP);
	assert_event(f, 2, "b", BW_FLAPPING, BW_UP);
	assert_false(event(f, 0)->has_outage);
	assert_int_equal(ledger_outage_of(f->ledger, 3)->phases.count, 0);
	fixture_free(f);
}

static void test_nothing_settles_without_flapping(void **state)
{
	struct fixture *f = setup();

	(void)state;
	fixture_set_time(f, 100000);
	events_settle(f->ledger, 0);
	assert_int_equal(f->count, 0);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_to_up_is_no_event_and_the_sums_follow),
		cmocka_unit_test(test_block_network_and_target_follow_each_other_in_one_moment),
		cmocka_unit_test(test_a_sum_is_partly_dark_with_the_first_and_dark_with_the_last),
		cmocka_unit_test(test_one_cold_host_does_not_widen_the_bounds_of_a_sum),
		cmocka_unit_test(test_a_dark_block_that_cannot_be_judged_changes_no_sum),
		cmocka_unit_test(test_a_dark_sum_has_the_bounds_of_the_member_that_began_last),
		cmocka_unit_test(test_the_first_member_that_is_back_ends_the_outage_of_its_sums),
		cmocka_unit_test(test_events_of_a_subject_form_a_chain),
		cmocka_unit_test(
			test_a_member_that_never_answered_does_not_keep_a_target_from_dark),
		cmocka_unit_test(test_the_third_transition_soon_after_is_flapping),
		cmocka_unit_test(
			test_a_flapping_block_is_dark_when_silent_for_far_longer_than_before),
		cmocka_unit_test(test_an_answer_in_a_down_phase_leaves_the_bounds_in_order),
		cmocka_unit_test(test_a_flapping_block_is_up_when_the_penalty_has_decayed),
		cmocka_unit_test(test_nothing_settles_without_flapping),
	};

	return cmocka_run_group_tests_name("vantage/events", tests, NULL, NULL);
}
