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
		.decided = fixture_mono(latest + 10),
		.confidence = 0.999,
		.onset = to == BW_DARK ? BW_ONSET_ABRUPT : BW_ONSET_UNKNOWN,
	};
}

static void put(struct fixture *f, enum bw_verdict from, enum bw_verdict to, double earliest,
		double latest, struct outage *outage)
{
	const struct verdict_change change = change_of(from, to, earliest, latest);

	event_record_put(f->ledger, &block, &change, outage);
}

static const struct record_event *last(const struct fixture *f)
{
	return &f->records[f->count - 1].record.event;
}

static void test_what_becomes_unknown_is_no_event(void **state)
{
	const struct verdict_change found = {.from = BW_UNKNOWN, .to = BW_UP};
	const struct verdict_change dark = {.from = BW_UNKNOWN, .to = BW_DARK};
	const struct verdict_change back = {.from = BW_DARK, .to = BW_UP};
	const struct verdict_change lost = {.from = BW_UP, .to = BW_UNKNOWN};

	const struct outage none = {0}, open = {.said = BW_DARK};

	(void)state;
	assert_false(event_record_is_due(&found, &none));
	assert_true(event_record_is_due(&dark, &none));
	assert_true(event_record_is_due(&back, &none));
	assert_false(event_record_is_due(&lost, &none));
	/* Of a dark block that was unknown meanwhile. */
	assert_true(event_record_is_due(&found, &open));
	assert_false(event_record_is_due(&dark, &open));
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
	assert_int_equal(last(f)->detected.ns, fixture_wall(-5).ns);
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
	event_record_put(f->ledger, &network, &change, &outage);
	assert_string_equal(last(f)->subject, "198.18.4.0/23");
	event_record_put(f->ledger, &target, &change, &outage);
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
	event_record_put(f->ledger, &block, &change, &outage);
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

static void test_a_withdrawal_names_the_event_and_happens_now(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	fixture_set_time(f, 50);
	event_record_withdraw(f->ledger, &block, BW_FLAPPING, 17);
	assert_int_equal(last(f)->withdraws, 17);
	assert_int_equal(last(f)->from, BW_DARK);
	assert_int_equal(last(f)->to, BW_FLAPPING);
	assert_int_equal(last(f)->detected.ns, fixture_wall(50).ns);
	assert_int_equal(last(f)->latest.ns, fixture_wall(50).ns);
	fixture_free(f);
}

static void test_what_was_no_event_is_not_withdrawn(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	event_record_withdraw(f->ledger, &block, BW_UP, 0);
	assert_int_equal(f->count, 0);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_becomes_unknown_is_no_event),
		cmocka_unit_test(test_an_event_tells_the_change_in_wall_time),
		cmocka_unit_test(test_the_subject_is_named_by_its_scope),
		cmocka_unit_test(test_without_an_answer_before_the_earliest_moment_is_not_known),
		cmocka_unit_test(test_the_outage_is_told_when_it_is_over),
		cmocka_unit_test(test_an_outage_is_compared_with_those_before),
		cmocka_unit_test(test_a_withdrawal_names_the_event_and_happens_now),
		cmocka_unit_test(test_what_was_no_event_is_not_withdrawn),
	};

	return cmocka_run_group_tests_name("vantage/event_record", tests, NULL, NULL);
}
