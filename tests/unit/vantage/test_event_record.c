/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/event_record.h"

#define DAY_S 86400

static const char lines[] = "a 198.18.0.0/24 3\n"
			    "a 198.18.4.0/23 3\n";

static const struct event_subject block = {BW_SCOPE_BLOCK, 1, 0};

static struct verdict_change change_of(enum bw_verdict from, enum bw_verdict to, double earliest,
				       double latest)
{
	return (struct verdict_change){
		.from = from,
		.to = to,
		.earliest = fixture_mono(earliest),
		.latest = fixture_mono(latest),
		.decided = fixture_mono(latest),
		.confidence = 0.999,
		.onset = to == BW_DARK ? BW_ONSET_ABRUPT : BW_ONSET_UNKNOWN,
	};
}

static void put(struct fixture *f, enum bw_verdict from, enum bw_verdict to, double earliest,
		double latest, struct outage *outage)
{
	const struct verdict_change change = change_of(from, to, earliest, latest);

	fixture_set_time(f, latest);
	assert_int_equal(event_record_tell(f->ledger, &block, from, &change, outage), to);
}

static const struct record_event *last(const struct fixture *f)
{
	return &f->records[f->count - 1].record.event;
}

static enum bw_verdict tell(struct fixture *f, enum bw_verdict told, enum bw_verdict to)
{
	const struct verdict_change change = change_of(BW_UNKNOWN, to, -20, -15);
	struct outage outage = {0};

	return event_record_tell(f->ledger, &block, told, &change, &outage);
}

static void test_what_cannot_be_told_and_what_is_first_found_up_is_no_event(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	assert_int_equal(tell(f, BW_UNKNOWN, BW_UP), BW_UP);
	assert_int_equal(tell(f, BW_UP, BW_UNKNOWN), BW_UP);
	assert_int_equal(tell(f, BW_DARK, BW_UNKNOWN), BW_DARK);
	assert_int_equal(tell(f, BW_UP, BW_UP), BW_UP); /* unknown in between */
	assert_int_equal(f->count, 0);
	assert_int_equal(tell(f, BW_UNKNOWN, BW_DARK), BW_DARK);
	assert_int_equal(tell(f, BW_DARK, BW_UP), BW_UP);
	assert_int_equal(f->count, 2);
	fixture_free(f);
}

static void test_an_event_begins_with_what_the_last_one_told(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	(void)tell(f, BW_UP, BW_DARK); /* of a block that was unknown in between */
	assert_int_equal(last(f)->from, BW_UP);
	fixture_free(f);
}

static void assert_order(enum bw_verdict to, double earliest, double latest,
			 double ordered_earliest, double ordered_latest)
{
	struct bw_mono from = fixture_mono(earliest), until = fixture_mono(latest);

	event_record_order(to, fixture_mono(100), &from, &until);
	assert_int_equal(from.ns, fixture_mono(ordered_earliest).ns);
	assert_int_equal(until.ns, fixture_mono(ordered_latest).ns);
}

static void test_bounds_are_in_order_and_not_in_the_future(void **state)
{
	(void)state;
	assert_order(BW_DARK, 10, 20, 10, 20);
	assert_order(BW_DARK, 10, 117, 10, 100);  /* a round-trip time was added */
	assert_order(BW_DARK, 30, 20, 30, 30);    /* it answered at 30 */
	assert_order(BW_UP, 30, 20, 20, 20);      /* it answered at 20 */
	assert_order(BW_DARK, 3700, 20, 100, 100);
	assert_order(BW_UP, 3700, 3600, 100, 100);
}

static void test_an_outage_never_ends_before_it_starts(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, -90, -50, &outage);
	put(f, BW_DARK, BW_UP, -70, -60, &outage);
	assert_int_equal(last(f)->outage_start.ns, fixture_wall(-60).ns);
	assert_int_equal(last(f)->outage_end.ns, fixture_wall(-60).ns);
	assert_int_equal(last(f)->outage_uncertainty_ns, 30 * BW_S);
	assert_int_equal(outage.history.dark_ns, 0);
	fixture_free(f);
}

static void test_an_event_tells_the_change_in_wall_time(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, -20, -15, &outage);
	assert_string_equal(last(f)->target, "a");
	assert_string_equal(last(f)->subject, "198.18.4.0/24");
	assert_int_equal(last(f)->scope, BW_SCOPE_BLOCK);
	assert_int_equal(last(f)->from, BW_UP);
	assert_int_equal(last(f)->to, BW_DARK);
	assert_int_equal(last(f)->earliest.ns, fixture_wall(-20).ns);
	assert_int_equal(last(f)->latest.ns, fixture_wall(-15).ns);
	assert_int_equal(last(f)->detected.ns, fixture_wall(-15).ns);
	assert_float_equal(last(f)->confidence, 0.999, 1e-9);
	assert_int_equal(last(f)->onset, BW_ONSET_ABRUPT);
	assert_false(last(f)->has_outage);
	assert_int_equal(outage.event_seq, f->ledger->seq);
	fixture_free(f);
}

static void test_the_subject_is_named_by_its_scope(void **state)
{
	const struct event_subject network = {BW_SCOPE_NETWORK, 1, 0};
	const struct event_subject target = {BW_SCOPE_TARGET, 0, 0};
	const struct verdict_change change = change_of(BW_UP, BW_DARK, -20, -15);
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	(void)event_record_tell(f->ledger, &network, BW_UP, &change, &outage);
	assert_string_equal(last(f)->subject, "198.18.4.0/23");
	(void)event_record_tell(f->ledger, &target, BW_UP, &change, &outage);
	assert_string_equal(last(f)->subject, "a");
	fixture_free(f);
}

static void test_without_an_answer_before_the_earliest_moment_is_not_known(void **state)
{
	struct verdict_change change = change_of(BW_UNKNOWN, BW_DARK, 0, -15);
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	change.earliest = BLOCK_NEVER_ANSWERED;
	(void)event_record_tell(f->ledger, &block, change.from, &change, &outage);
	assert_int_equal(last(f)->earliest.ns, 0);
	put(f, BW_DARK, BW_UP, 100, 110, &outage);
	assert_int_equal(last(f)->outage_uncertainty_ns, 10 * BW_S);
	fixture_free(f);
}

static void test_the_outage_is_told_when_it_is_over(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, 10, 40, &outage);
	put(f, BW_DARK, BW_UP, 3600, 3605, &outage);
	assert_true(last(f)->has_outage);
	assert_int_equal(last(f)->outage_start.ns, fixture_wall(40).ns);
	assert_int_equal(last(f)->outage_end.ns, fixture_wall(3605).ns);
	assert_int_equal(last(f)->outage_uncertainty_ns, 30 * BW_S); /* the wider of both */
	assert_int_equal(outage.history.outages, 1);
	assert_int_equal(outage.history.longest_ns, 3565 * BW_S);
	assert_int_equal(outage.history.last_end.ns, fixture_wall(3605).ns);
	fixture_free(f);
}

static void test_an_outage_is_compared_with_those_before(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {.history.first = fixture_wall(-10 * DAY_S)};

	(void)state;
	put(f, BW_UP, BW_DARK, 0, 0, &outage);
	assert_float_equal(last(f)->unusual.days, 10, 0.01);
	assert_int_equal(last(f)->unusual.outages, 0);
	assert_true(last(f)->unusual.since_last_s < 0);
	put(f, BW_DARK, BW_UP, 100, 100, &outage);
	assert_true(last(f)->unusual.longest);
	fixture_set_time(f, DAY_S);
	put(f, BW_UP, BW_DARK, DAY_S, DAY_S, &outage);
	assert_int_equal(last(f)->unusual.outages, 1);
	assert_float_equal(last(f)->unusual.since_last_s, DAY_S - 100, 1);
	put(f, BW_DARK, BW_UP, DAY_S + 50, DAY_S + 50, &outage);
	assert_false(last(f)->unusual.longest); /* 50 s, and one took 100 s */
	fixture_free(f);
}

static void test_a_withdrawal_undoes_the_event_and_happens_now(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UNKNOWN, BW_DARK, 10, 20, &outage);
	fixture_set_time(f, 50);
	assert_int_equal(event_record_withdraw(f->ledger, &block, BW_DARK, &outage), BW_UNKNOWN);
	assert_int_equal(last(f)->withdraws, f->ledger->seq - 1);
	assert_int_equal(last(f)->from, BW_DARK);
	assert_int_equal(last(f)->to, BW_UNKNOWN);
	assert_int_equal(last(f)->detected.ns, fixture_wall(50).ns);
	assert_int_equal(last(f)->latest.ns, fixture_wall(50).ns);
	fixture_free(f);
}

static void test_an_event_is_withdrawn_once(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, 10, 20, &outage);
	(void)event_record_withdraw(f->ledger, &block, BW_DARK, &outage);
	assert_int_equal(f->count, 2);
	assert_int_equal(event_record_withdraw(f->ledger, &block, BW_UP, &outage), BW_UP);
	assert_int_equal(f->count, 2);
	fixture_free(f);
}

/* Dark from 0 to 10 h, back for BACK_S seconds, dark until 20 h. The event that ends it. */
static struct record_event end_after_return(struct fixture *f, double back_s)
{
	struct outage outage = {0};

	put(f, BW_UP, BW_DARK, -10, 0, &outage);
	put(f, BW_DARK, BW_UP, 35990, 36000, &outage);
	assert_int_equal(last(f)->return_count, 0);
	put(f, BW_UP, BW_DARK, 36000 + back_s - 5, 36000 + back_s, &outage);
	put(f, BW_DARK, BW_UP, 71980, 72000, &outage);
	return *last(f);
}

static void test_a_short_return_does_not_end_an_outage(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct record_event e = end_after_return(f, 1200);

	(void)state;
	assert_int_equal(e.outage_start.ns, fixture_wall(0).ns);
	assert_int_equal(e.outage_end.ns, fixture_wall(72000).ns);
	assert_int_equal(e.outage_uncertainty_ns, 20 * BW_S);
	assert_int_equal(e.return_count, 1);
	assert_int_equal(e.returns[0].start.ns, fixture_wall(36000).ns);
	assert_int_equal(e.returns[0].end.ns, fixture_wall(37200).ns);
	assert_int_equal(e.unusual.outages, 0); /* it is one outage, not two */
	fixture_free(f);
}

/* The program was down when it came or went: the length is no surer than that. */
static void test_the_uncertainty_covers_the_returns(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, -10, 0, &outage);
	put(f, BW_DARK, BW_UP, 35700, 36000, &outage);
	put(f, BW_UP, BW_DARK, 36000, 37200, &outage);
	put(f, BW_DARK, BW_UP, 71980, 72000, &outage);
	assert_int_equal(last(f)->return_count, 1);
	assert_int_equal(last(f)->outage_uncertainty_ns, 1200 * BW_S);
	put(f, BW_UP, BW_DARK, 72595, 72600, &outage);
	put(f, BW_DARK, BW_UP, 110000, 112000, &outage);
	assert_int_equal(last(f)->return_count, 2);
	assert_int_equal(last(f)->outage_uncertainty_ns, 2000 * BW_S);
	/* Another outage has nothing of it. */
	put(f, BW_UP, BW_DARK, 199990, 200000, &outage);
	put(f, BW_DARK, BW_UP, 239980, 240000, &outage);
	assert_int_equal(last(f)->outage_uncertainty_ns, 20 * BW_S);
	fixture_free(f);
}

/* The last part ended at some time before the return began. */
static void test_a_return_that_began_unseen(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, -10, 0, &outage);
	put(f, BW_DARK, BW_UP, 34000.5, 36000, &outage);
	put(f, BW_UP, BW_DARK, 37195, 37200, &outage);
	put(f, BW_DARK, BW_UP, 71980, 72000, &outage);
	assert_int_equal(last(f)->outage_uncertainty_ns, 2000 * BW_S);
	fixture_free(f);
}

static void test_a_longer_return_ends_it(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct record_event e = end_after_return(f, 3600);

	(void)state;
	assert_int_equal(e.return_count, 0);
	assert_int_equal(e.outage_start.ns, fixture_wall(39600).ns);
	assert_int_equal(e.unusual.outages, 1);
	fixture_free(f);
}

/* 10 min after an outage of 1 h are more than a tenth of it. */
static void test_a_return_is_short_in_proportion(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, -10, 0, &outage);
	put(f, BW_DARK, BW_UP, 3590, 3600, &outage);
	put(f, BW_UP, BW_DARK, 4190, 4200, &outage);
	put(f, BW_DARK, BW_UP, 9990, 10000, &outage);
	assert_int_equal(last(f)->return_count, 0);
	assert_int_equal(last(f)->outage_start.ns, fixture_wall(4200).ns);
	fixture_free(f);
}

static void test_a_withdrawn_relapse_leaves_the_outage_over(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};

	(void)state;
	put(f, BW_UP, BW_DARK, -10, 0, &outage);
	put(f, BW_DARK, BW_UP, 35990, 36000, &outage);
	put(f, BW_UP, BW_DARK, 36095, 36100, &outage);
	assert_int_equal(event_record_withdraw(f->ledger, &block, BW_DARK, &outage), BW_UP);
	assert_int_equal(outage.history.outages, 1);
	assert_int_equal(outage.history.dark_ns, 36000 * BW_S);
	put(f, BW_UP, BW_DARK, 36995, 37000, &outage);
	put(f, BW_DARK, BW_UP, 71980, 72000, &outage);
	assert_int_equal(last(f)->return_count, 1);
	assert_int_equal(last(f)->returns[0].end.ns, fixture_wall(37000).ns);
	fixture_free(f);
}

static void test_one_return_too_many_ends_the_outage(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct outage outage = {0};
	double at = 0;

	(void)state;
	for (unsigned i = 0; i <= RETURNS_MAX + 1; i++, at += 36000) {
		put(f, BW_UP, BW_DARK, at, at, &outage);
		put(f, BW_DARK, BW_UP, at + 35400, at + 35400, &outage);
		assert_int_equal(last(f)->return_count, i <= RETURNS_MAX ? i : 0);
	}
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_cannot_be_told_and_what_is_first_found_up_is_no_event),
		cmocka_unit_test(test_an_event_begins_with_what_the_last_one_told),
		cmocka_unit_test(test_bounds_are_in_order_and_not_in_the_future),
		cmocka_unit_test(test_an_outage_never_ends_before_it_starts),
		cmocka_unit_test(test_an_event_tells_the_change_in_wall_time),
		cmocka_unit_test(test_the_subject_is_named_by_its_scope),
		cmocka_unit_test(test_without_an_answer_before_the_earliest_moment_is_not_known),
		cmocka_unit_test(test_the_outage_is_told_when_it_is_over),
		cmocka_unit_test(test_an_outage_is_compared_with_those_before),
		cmocka_unit_test(test_a_withdrawal_undoes_the_event_and_happens_now),
		cmocka_unit_test(test_an_event_is_withdrawn_once),
		cmocka_unit_test(test_a_short_return_does_not_end_an_outage),
		cmocka_unit_test(test_the_uncertainty_covers_the_returns),
		cmocka_unit_test(test_a_return_that_began_unseen),
		cmocka_unit_test(test_a_longer_return_ends_it),
		cmocka_unit_test(test_a_return_is_short_in_proportion),
		cmocka_unit_test(test_a_withdrawn_relapse_leaves_the_outage_over),
		cmocka_unit_test(test_one_return_too_many_ends_the_outage),
	};

	return cmocka_run_group_tests_name("vantage/event_record", tests, NULL, NULL);
}
