/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/persist.h"
#include "vantage/ledger/records.h"
#include "vantage/ledger/sum_events.h"

/* Target a: network 0 of blocks 0 and 1, network 1 of block 2. Target b: block 3. */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "a 198.18.4.0/24 3\n"
			    "b 198.19.0.0/24 20\n";

/* A saved state. */
struct saved {
	char *text;
	size_t length;
};

static struct saved save(const struct fixture *f)
{
	struct saved saved = {0};
	struct bw_err err = {0};
	FILE *file = open_memstream(&saved.text, &saved.length);

	assert_non_null(file);
	if (persist_save(f->ledger, NULL, file, 7, &err) < 0)
		fail_msg("%s: %s", err.field, err.message);
	assert_int_equal(fclose(file), 0);
	return saved;
}

static struct persist_restore restore(struct fixture *f, const struct saved *saved)
{
	struct persist_restore restore = {.ledger = f->ledger, .now = f->ledger->now};
	const struct state_handlers handlers = persist_handlers(&restore);
	struct bw_err err = {0};

	if (state_read(saved->text, saved->length, "state", &handlers, &err) < 0)
		fail_msg("line %d, %s: %s", err.line, err.field, err.message);
	return restore;
}

static void decide(struct fixture *f, uint32_t block, enum bw_verdict to, double earliest,
		   double latest)
{
	f->ledger->blocks[block].log_odds = to == BW_UP ? 7 : -7;
	events_decide(f->ledger, block,
		      &(struct verdict_decision){
			      .to = to,
			      .reasons = to == BW_UNKNOWN ? BW_WHY_NEVER_SEEN : 0,
			      .earliest = fixture_mono(earliest),
			      .latest = fixture_mono(latest),
		      });
}

static struct fixture *with_reference(void)
{
	const struct roster_sentinel reference = {.source = HEALTH_REFERENCE};
	struct fixture *f = fixture_new(lines, true);

	assert_int_equal(roster_add_sentinel(&f->roster, &reference, NULL), 0);
	return f;
}

/* A ledger with a history at 1000 s: up, dark after an outage, never seen, flapping and down. */
static struct fixture *eventful(void)
{
	static const uint16_t hosts[] = {2, 0, 1};
	struct fixture *f = with_reference();

	for (uint32_t i = 0; i < 4; i++) {
		ledger_seed_hosts(f->ledger, i, hosts, 3, 0.75F, 0.25F);
		f->ledger->blocks[i].last_answer = fixture_mono(5);
	}
	for (uint32_t i = 0; i < 2; i++)
		decide(f, i, BW_UP, 0, 1);
	decide(f, 2, BW_UNKNOWN, 0, 1);
	decide(f, 3, BW_UP, 0, 1);
	for (unsigned i = 0; i < 5; i++) {
		fixture_set_time(f, 100 * (i + 1));
		if (i < 3)
			decide(f, 1, i % 2 ? BW_UP : BW_DARK, 100 * i + 50, 100 * i + 60);
		decide(f, 3, i % 2 ? BW_UP : BW_DARK, 100 * i + 70, 100 * i + 80);
	}
	assert_int_equal(f->ledger->blocks[1].verdict, BW_DARK);
	assert_int_equal(f->ledger->blocks[3].verdict, BW_FLAPPING);
	health_answered(&f->ledger->ways.of[0].health, HEALTH_REFERENCE, fixture_mono(900));
	fixture_set_time(f, 1000);
	return f;
}

/* Another ledger on the same roster, at the time at which EVENTFUL was saved. */
static struct fixture *fresh(double seconds)
{
	struct fixture *f = with_reference();

	fixture_set_time(f, seconds);
	return f;
}

static void test_what_is_saved_restored_and_saved_again_is_the_same(void **state)
{
	struct fixture *before = eventful(), *after = fresh(1000);
	struct saved first = save(before), second;

	(void)state;
	assert_int_equal(restore(after, &first).blocks, 4);
	second = save(after);
	assert_string_equal(first.text, second.text);
	free(first.text);
	free(second.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_verdicts_and_sums_come_back_without_events(void **state)
{
	struct fixture *before = eventful(), *after = fresh(1000);
	struct saved saved = save(before);

	(void)state;
	(void)restore(after, &saved);
	assert_int_equal(after->count, 0);
	for (uint32_t i = 0; i < 4; i++) {
		const struct block *old = &before->ledger->blocks[i];
		const struct block *new = &after->ledger->blocks[i];

		assert_int_equal(new->verdict, old->verdict);
		assert_int_equal(block_is_down(new), block_is_down(old));
		assert_int_equal(new->reasons, old->reasons);
		assert_int_equal(new->since.ns, old->since.ns);
		assert_float_equal(new->log_odds, old->log_odds, 1e-5);
		assert_float_equal(block_penalty(new), block_penalty(old), 0.01);
	}
	for (uint32_t n = 0; n < 3; n++)
		assert_memory_equal(&after->ledger->sums.networks[n].group,
				    &before->ledger->sums.networks[n].group, sizeof(struct group));
	for (uint32_t t = 0; t < 2; t++)
		assert_int_equal(after->ledger->sums.targets[t].verdict,
				 before->ledger->sums.targets[t].verdict);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_what_was_learned_of_hosts_comes_back(void **state)
{
	struct fixture *before = eventful(), *after = fresh(1000);
	struct saved saved = save(before);
	const struct hotlist *hot = &after->ledger->blocks[0].hot;

	(void)state;
	(void)restore(after, &saved);
	assert_int_equal(hot->count, 3);
	assert_int_equal(hot->hosts[0], 2);
	assert_int_equal(hot->hosts[2], 1);
	assert_float_equal(hotlist_hot_rate(hot), 0.75, 0.001);
	assert_float_equal(hotlist_cold_rate(hot), 0.25, 0.001);
	assert_true(after->ledger->ways.of[0].health.seen[HEALTH_REFERENCE]);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_an_outage_goes_on_over_the_restart(void **state)
{
	struct fixture *before = eventful(), *after = fresh(2000);
	struct saved saved = save(before);
	const struct record_event *e;

	(void)state;
	(void)restore(after, &saved);
	decide(after, 1, BW_UP, 1900, 1950);
	e = &fixture_record_of(after, RECORD_EVENT, 0)->event;
	assert_int_equal(e->from, BW_DARK);
	assert_true(e->has_outage);
	assert_int_equal(e->outage_start.ns, fixture_wall(260).ns);
	assert_int_equal(e->outage_end.ns, fixture_wall(1950).ns);
	assert_int_equal(e->unusual.outages, 1);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* Block 3 was dark for 10 h, is back, and the vantage starts again meanwhile and later. */
static void test_a_short_return_is_one_over_a_restart_too(void **state)
{
	struct fixture *before = fresh(0), *amid = fresh(36600), *after = fresh(37000);
	struct saved saved, again;
	const struct record_event *e;

	(void)state;
	decide(before, 3, BW_UP, -20, -20);
	decide(before, 3, BW_DARK, -10, 0);
	fixture_set_time(before, 36000);
	decide(before, 3, BW_UP, 35700, 36000);
	saved = save(before);
	(void)restore(amid, &saved);
	decide(amid, 3, BW_DARK, 36400, 36500);
	again = save(amid);
	(void)restore(after, &again);
	decide(after, 3, BW_UP, 36900, 37000);
	for (unsigned n = 0; n < fixture_count_of(after, RECORD_EVENT); n++) {
		e = &fixture_record_of(after, RECORD_EVENT, n)->event;
		assert_int_equal(e->return_count, 1);
		assert_int_equal(e->outage_start.ns, fixture_wall(0).ns);
		assert_int_equal(e->returns[0].start.ns, fixture_wall(36000).ns);
		assert_int_equal(e->returns[0].end.ns, fixture_wall(36500).ns);
		assert_int_equal(e->outage_uncertainty_ns, 300 * BW_S);
	}
	assert_true(fixture_count_of(after, RECORD_EVENT) > 1); /* its sums, too */
	free(saved.text);
	free(again.text);
	fixture_free(before);
	fixture_free(amid);
	fixture_free(after);
}

static void test_the_head_tells_when_and_after_how_many_starts(void **state)
{
	struct fixture *before = eventful(), *after = fresh(2000);
	struct saved saved = save(before);
	struct persist_restore result = restore(after, &saved);

	(void)state;
	assert_int_equal(result.saved.ns, fixture_wall(1000).ns);
	assert_int_equal(result.boots, 7);
	assert_int_equal(after->ledger->tracks[0].last_round.ns, fixture_mono(1000).ns);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* After a reboot the monotonic clock is small: times of before lie below zero. */
static void test_a_monotonic_clock_that_begins_anew_keeps_wall_times(void **state)
{
	struct fixture *before = eventful(), *after = fresh(0);
	struct saved saved = save(before), again;

	(void)state;
	after->ledger->now.mono.ns = 5 * BW_S;
	after->ledger->now.wall = fixture_wall(1000);
	(void)restore(after, &saved);
	assert_int_equal(after->ledger->blocks[1].since.ns, (5 - (1000 - 260)) * BW_S);
	assert_int_equal(bw_wall_of(after->ledger->now, after->ledger->blocks[1].since).ns,
			 fixture_wall(260).ns);
	again = save(after);
	free(again.text);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_after_the_wall_clock_was_set_back_nothing_lies_in_the_future(void **state)
{
	struct fixture *before = eventful(), *after = fresh(1000);
	struct saved saved = save(before), again;

	(void)state;
	after->ledger->now.wall = fixture_wall(-3600);
	(void)restore(after, &saved);
	for (uint32_t i = 0; i < 4; i++) {
		const struct outage *outage = &ledger_outage_of(after->ledger, i)->outage;

		assert_true(after->ledger->blocks[i].since.ns <= fixture_mono(1000).ns);
		assert_true(after->ledger->blocks[i].last_answer.ns <= fixture_mono(1000).ns);
		assert_true(outage->earliest.ns <= outage->latest.ns);
		assert_true(outage->latest.ns <= fixture_mono(1000).ns);
	}
	again = save(after);
	free(again.text);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_a_penalty_decays_while_the_machine_is_off(void **state)
{
	struct fixture *before = eventful(), *after = fresh(1000 + 30 * 86400);
	struct saved saved = save(before);

	(void)state;
	assert_true(block_penalty(&before->ledger->blocks[3]) > 3);
	after->ledger->now.mono.ns = 40 * BW_S; /* it has just started */
	(void)restore(after, &saved);
	assert_float_equal(block_penalty(&after->ledger->blocks[3]), 0, 0.01);
	assert_int_equal(after->ledger->blocks[3].unstable, 0);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* Target a at 1000 s: network 0 is dark since 60 s, network 1 is up. */
static struct fixture *half_dark(void)
{
	struct fixture *f = fixture_new(lines, true);

	for (uint32_t i = 0; i < 3; i++) {
		decide(f, i, BW_UP, 0, 1);
		f->ledger->blocks[i].last_answer = fixture_mono(1);
	}
	fixture_set_time(f, 100);
	decide(f, 0, BW_DARK, 50, 55);
	decide(f, 1, BW_DARK, 40, 60);
	fixture_set_time(f, 1000);
	return f;
}

static void test_a_reload_without_the_network_that_was_up_tells_the_outage(void **state)
{
	struct fixture *before = half_dark(), *after = fixture_new("a 198.18.0.0/23 3\n", true);
	struct saved saved = save(before), again;
	const struct record_event *e;

	(void)state;
	fixture_set_time(after, 1000);
	(void)restore(after, &saved);
	again = save(after);
	sum_events_reconcile(after->ledger, 0);
	sum_events_reconcile(after->ledger, 0);
	assert_int_equal(after->count, 1);
	e = &fixture_record_of(after, RECORD_EVENT, 0)->event;
	assert_string_equal(e->subject, "a");
	assert_int_equal(e->to, BW_DARK);
	assert_int_equal(e->earliest.ns, fixture_wall(50).ns);
	assert_int_equal(e->latest.ns, fixture_wall(60).ns);
	fixture_set_time(after, 2000);
	decide(after, 0, BW_UP, 1950, 1960);
	e = &after->records[after->count - 1].record.event;
	assert_string_equal(e->subject, "a");
	assert_int_equal(e->outage_end.ns - e->outage_start.ns, 1900 * BW_S);
	free(again.text);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_a_reload_with_another_network_ends_the_outage_once(void **state)
{
	struct fixture *before = fixture_new("a 198.18.0.0/23 3\n", true), *after = fresh(1000);
	struct saved saved, again;
	const struct record_event *e;

	(void)state;
	decide(before, 0, BW_UP, 0, 1);
	decide(before, 1, BW_DARK, 20, 30);
	decide(before, 0, BW_DARK, 50, 55);
	fixture_set_time(before, 1000);
	saved = save(before);
	(void)restore(after, &saved);
	again = save(after);
	fixture_set_time(after, 1100);
	decide(after, 2, BW_UP, 1090, 1095); /* the new one */
	sum_events_reconcile(after->ledger, 0);
	assert_int_equal(after->count, 1);
	e = &after->records[0].record.event;
	assert_string_equal(e->subject, "a");
	assert_int_equal(e->from, BW_DARK);
	assert_int_equal(e->outage_start.ns, fixture_wall(0).ns);
	free(again.text);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_what_was_dark_and_cannot_be_told_keeps_its_outage(void **state)
{
	struct fixture *before = half_dark(), *after = fresh(3000);
	const struct record_event *e;
	struct saved saved;

	(void)state;
	events_decide(before->ledger, 0,
		      &(struct verdict_decision){.to = BW_UNKNOWN, .reasons = BW_WHY_FILTERED});
	fixture_forget(before);
	saved = save(before);
	(void)restore(after, &saved);
	decide(after, 0, BW_UP, 2900, 2950);
	e = &fixture_record_of(after, RECORD_EVENT, 0)->event;
	assert_int_equal(e->from, BW_DARK);
	assert_int_equal(e->outage_start.ns, fixture_wall(55).ns);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_targets_that_moved_in_the_list_keep_their_blocks(void **state)
{
	struct fixture *before = eventful();
	struct fixture *after = fixture_new("b 198.19.0.0/24 20\n"
					    "a 198.18.1.0/24 3\n"
					    "new 198.18.9.0/24 3\n",
					    true);
	struct saved saved = save(before);

	(void)state;
	fixture_set_time(after, 1000);
	assert_int_equal(restore(after, &saved).blocks, 2);
	assert_int_equal(after->ledger->blocks[0].verdict, BW_FLAPPING);
	assert_int_equal(after->ledger->blocks[1].verdict, BW_DARK);
	assert_int_equal(after->ledger->blocks[2].verdict, BW_UNKNOWN);
	assert_int_equal(after->ledger->sums.targets[1].verdict, BW_DARK);
	assert_int_equal(after->ledger->sums.targets[2].verdict, BW_UNKNOWN);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_hosts_that_are_no_candidates_any_more_are_left_out(void **state)
{
	struct fixture *before = eventful();
	struct fixture *after = fixture_new("a 198.18.0.0/24 2\n", true);
	struct saved saved = save(before);

	(void)state;
	fixture_set_time(after, 1000);
	assert_int_equal(restore(after, &saved).blocks, 1);
	assert_int_equal(after->ledger->blocks[0].hot.count, 2);
	assert_true(hotlist_has(&after->ledger->blocks[0].hot, 0));
	assert_true(hotlist_has(&after->ledger->blocks[0].hot, 1));
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

static void test_suspicion_and_partial_are_not_kept(void **state)
{
	struct fixture *before = eventful(), *after = fresh(1000);
	struct saved saved;

	(void)state;
	before->ledger->blocks[0].conditions = BW_SUSPECT | BW_PARTIAL | BW_PROXY;
	saved = save(before);
	(void)restore(after, &saved);
	assert_int_equal(after->ledger->blocks[0].conditions, BW_PROXY);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* A block that was up may be gone meanwhile: until something is heard, nothing is told. */
static void test_nothing_is_told_before_a_sign_of_life(void **state)
{
	struct fixture *before = eventful(), *after = fresh(2000);
	struct saved saved = save(before);
	const struct tally tally = {.sent = 2};
	const struct record_block *block;

	(void)state;
	(void)restore(after, &saved);
	records_block(after->ledger, 0, &tally);
	records_target(after->ledger, 0);
	block = &fixture_record_of(after, RECORD_BLOCK, 0)->block;
	assert_int_equal(block->verdict, BW_UNKNOWN);
	assert_int_equal(block->reasons, BW_WHY_NO_SIGN_OF_LIFE);
	assert_int_equal(fixture_record_of(after, RECORD_TARGET, 0)->target.verdict, BW_UNKNOWN);
	fixture_forget(after);
	health_answered(&after->ledger->ways.of[ledger_way_of(after->ledger, 0)].health,
			HEALTH_BLOCK, fixture_mono(2001));
	records_block(after->ledger, 0, &tally);
	assert_int_equal(fixture_record_of(after, RECORD_BLOCK, 0)->block.verdict, BW_UP);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* A block that is unknown because it is silent stays so, with its reason. */
static void test_a_doubted_block_is_doubted_after_the_restart(void **state)
{
	struct fixture *before = eventful(), *after = fresh(1000);
	struct block *block = &before->ledger->blocks[0];
	struct saved saved;

	(void)state;
	events_decide(before->ledger, 0,
		      &(struct verdict_decision){
			      .to = BW_UNKNOWN,
			      .doubts = true,
			      .reasons = BW_WHY_FEW_HOSTS,
			      .latest = fixture_mono(990),
		      });
	assert_true(block_is_doubted(block));
	saved = save(before);
	(void)restore(after, &saved);
	assert_true(block_is_doubted(&after->ledger->blocks[0]));
	assert_int_equal(after->ledger->blocks[0].reasons, BW_WHY_FEW_HOSTS);
	assert_int_equal(after->ledger->blocks[0].since.ns, block->since.ns);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_saved_restored_and_saved_again_is_the_same),
		cmocka_unit_test(test_verdicts_and_sums_come_back_without_events),
		cmocka_unit_test(test_what_was_learned_of_hosts_comes_back),
		cmocka_unit_test(test_an_outage_goes_on_over_the_restart),
		cmocka_unit_test(test_a_short_return_is_one_over_a_restart_too),
		cmocka_unit_test(test_the_head_tells_when_and_after_how_many_starts),
		cmocka_unit_test(test_a_monotonic_clock_that_begins_anew_keeps_wall_times),
		cmocka_unit_test(test_after_the_wall_clock_was_set_back_nothing_lies_in_the_future),
		cmocka_unit_test(test_a_penalty_decays_while_the_machine_is_off),
		cmocka_unit_test(test_a_reload_without_the_network_that_was_up_tells_the_outage),
		cmocka_unit_test(test_a_reload_with_another_network_ends_the_outage_once),
		cmocka_unit_test(test_what_was_dark_and_cannot_be_told_keeps_its_outage),
		cmocka_unit_test(test_targets_that_moved_in_the_list_keep_their_blocks),
		cmocka_unit_test(test_hosts_that_are_no_candidates_any_more_are_left_out),
		cmocka_unit_test(test_suspicion_and_partial_are_not_kept),
		cmocka_unit_test(test_nothing_is_told_before_a_sign_of_life),
		cmocka_unit_test(test_a_doubted_block_is_doubted_after_the_restart),
	};

	return cmocka_run_group_tests_name("vantage/persist", tests, NULL, NULL);
}
