/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/watch/round/conditions.h"

/* Block 0 lists 40 hosts, block 1 three; block 2 is open. */
static const char lines[] = "a 198.18.0.0/24 40\n"
			    "a 198.18.1.0/24 3\n"
			    "a 198.18.2.0/24\n";

#define USUAL_TTL 54
#define ROUTER_TTL 250
#define HOST 5

static struct fixture *setup(void)
{
	struct fixture *f = fixture_new(lines, true);

	for (uint32_t i = 0; i < 3; i++) {
		ledger_seed_hosts(f->ledger, i, (const uint16_t[]){0, 1, 2}, 3, 0.9F, 0.1F);
		f->ledger->blocks[i].verdict = BW_UP;
	}
	return f;
}

static struct round round_of(void)
{
	struct round round = {0};

	evidence_begin(&round.x, 0, 5 * BW_S);
	return round;
}

static void ask(struct round *round, uint16_t host, float availability, enum evidence_state state)
{
	const struct evidence probe = {.host = host, .availability = availability};
	int index = evidence_ask(&round->x, &probe, fixture_mono(round->x.count));

	evidence_sent(&round->x, (unsigned)index, fixture_mono(round->x.count));
	evidence_settle(&round->x, (unsigned)index, state);
}

static struct outcome reply_of(uint32_t block, uint16_t host, uint8_t ttl)
{
	return (struct outcome){
		.kind = OUTCOME_REPLY,
		.probe = {.subject = block, .host = host},
		.ttl = ttl,
		.rtt_ns = 20 * BW_MS,
	};
}

static bool take(struct fixture *f, const struct outcome *outcome)
{
	return conditions_outcome(f->ledger, outcome);
}

static void test_replies_of_an_up_block_teach_its_usual_ttl(void **state)
{
	const struct outcome reply = reply_of(0, HOST, USUAL_TTL);
	struct fixture *f = setup();

	(void)state;
	assert_false(take(f, &reply));
	assert_false(take(f, &reply));
	assert_int_equal(f->ledger->tracks[0].condition.ttl, USUAL_TTL);
	assert_int_equal(f->ledger->tracks[0].condition.last_ttl, USUAL_TTL);
	assert_int_equal(f->ledger->tracks[1].condition.ttl_votes, 0);
	fixture_free(f);
}

static void test_silence_and_errors_are_no_reply_and_unreachable_names_the_router(void **state)
{
	struct outcome outcome = {.kind = OUTCOME_TIMEOUT};
	struct fixture *f = setup();

	(void)state;
	assert_false(take(f, &outcome));
	outcome.kind = OUTCOME_ERROR;
	outcome.reply = REPLY_HOST_UNREACHABLE;
	outcome.from = (struct bw_addr){.family = 4, .bytes = {192, 0, 2, 1}};
	assert_false(take(f, &outcome));
	assert_false(take(f, &outcome));
	assert_int_equal(f->ledger->tracks[0].condition.errors, 2);
	fixture_free(f);
}

/* Its hosts are known to be silent, and its replies had a usual TTL. */
static struct fixture *dark(void)
{
	struct condition_evidence evidence = {
		.quiet = 0x3e,
		.quiet_sure = 0x3e,
		.quiet_nats = 12 * CONDITION_NATS,
	};
	const struct outcome reply = reply_of(0, 0, USUAL_TTL);
	struct fixture *f = setup();

	(void)take(f, &reply);
	(void)take(f, &reply);
	condition_store_keep(&f->ledger->conditions, &f->ledger->tracks[0], &evidence);
	f->ledger->blocks[0].verdict = BW_DARK;
	return f;
}

static void test_a_dark_block_heard_from_a_new_host_with_another_ttl_meets_its_border(void **state)
{
	const struct outcome border = reply_of(0, HOST, ROUTER_TTL);
	struct fixture *f = dark();

	(void)state;
	assert_true(take(f, &border));
	assert_true(f->ledger->tracks[0].condition.conditions & BW_BORDER_ONLY);
	assert_true(take(f, &border)); /* and from then on */
	fixture_free(f);
}

static void test_a_dark_block_heard_with_the_usual_ttl_or_from_a_hot_host_is_back(void **state)
{
	const struct outcome usual = reply_of(0, HOST, USUAL_TTL), hot = reply_of(0, 1, ROUTER_TTL);
	struct fixture *f = dark();

	(void)state;
	assert_false(take(f, &usual));
	fixture_free(f);
	f = dark();
	assert_false(take(f, &hot));
	fixture_free(f);
}

static void test_a_round_of_a_poorly_known_block_asks_two_cold_hosts(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();

	(void)state;
	conditions_plan(f->ledger, 0, &round, 0.5);
	assert_int_equal(round.cold_probes, 2);
	assert_int_equal(round.extra.count, 0);
	conditions_plan(f->ledger, 1, &round, 0.5);
	assert_int_equal(round.cold_probes, 0); /* all its hosts are hot */
	fixture_free(f);
}

/* A salvo to hosts that answer looks for a rate limit, in one of 256 rounds. */
static void test_a_rare_round_asks_four_responsive_hosts_unless_much_is_lost(void **state)
{
	static const uint16_t hosts[] = {0, 1, 2, 3, 4, 5};
	struct fixture *f = setup();
	struct round round = round_of();

	(void)state;
	ledger_seed_hosts(f->ledger, 0, hosts, 6, 0.9F, 0.1F);
	conditions_plan(f->ledger, 0, &round, 0.99);
	assert_int_equal(round.extra.count, 0);
	conditions_plan(f->ledger, 0, &round, 0.999);
	assert_int_equal(round.extra.kind, EXTRA_HOT);
	assert_int_equal(round.extra.count, 4);
	loss_count(&f->ledger->loss.all[0], 100, 10, f->ledger->now.mono);
	conditions_plan(f->ledger, 0, &round, 0.999);
	assert_int_equal(round.extra.count, 0);
	fixture_free(f);
}

static void test_hot_extra_probes_go_to_hosts_that_were_not_asked_and_are_marked(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();
	uint16_t one, other;

	(void)state;
	round.extra = (struct extra){.kind = EXTRA_HOT, .count = 4};
	ask(&round, 0, 0.9F, EVIDENCE_REPLY);
	assert_true(conditions_pick(f->ledger, 0, &round, &one));
	assert_int_equal(round.extra_probes, 1 << 1);
	ask(&round, one, 0.9F, EVIDENCE_REPLY);
	assert_true(conditions_pick(f->ledger, 0, &round, &other));
	assert_int_equal(round.extra_probes, 1 << 1 | 1 << 2);
	ask(&round, other, 0.9F, EVIDENCE_REPLY);
	assert_int_equal(one + other, 1 + 2);
	assert_false(conditions_pick(f->ledger, 0, &round, &one)); /* three hosts are hot */
	assert_int_equal(round.extra.count, 0);
	fixture_free(f);
}

static void test_the_border_is_sought_by_hosts_that_were_not_silent_last_time(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();
	uint16_t host;

	(void)state;
	round.extra = (struct extra){.kind = EXTRA_BORDER, .count = 4};
	round.cold_probes = 0;
	hotlist_learn(&f->ledger->blocks[0].hot, 1, 0, false);
	ask(&round, 0, 0.9F, EVIDENCE_REPLY);
	assert_true(conditions_pick(f->ledger, 0, &round, &host));
	assert_int_equal(host, 2);
	assert_int_equal(round.extra_probes, 1 << 1);
	ask(&round, host, 0.9F, EVIDENCE_SILENT);
	assert_false(conditions_pick(f->ledger, 0, &round, &host));
	fixture_free(f);
}

static void test_cold_probes_go_to_the_next_hosts_that_are_neither_hot_nor_asked(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();
	uint16_t host;

	(void)state;
	f->ledger->blocks[0].cold_from = 39;
	round.cold_probes = 2;
	ask(&round, 39, 0.1F, EVIDENCE_SILENT);
	assert_true(conditions_pick(f->ledger, 0, &round, &host));
	assert_int_equal(host, 3); /* 0 to 2 are hot */
	assert_int_equal(round.extra_probes, 0);
	ask(&round, host, 0.1F, EVIDENCE_SILENT);
	assert_true(conditions_pick(f->ledger, 0, &round, &host));
	assert_int_equal(host, 4);
	assert_false(conditions_pick(f->ledger, 0, &round, &host));
	fixture_free(f);
}

static void test_part_probes_go_to_that_part_and_the_comparison_elsewhere(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();
	struct bw_addr addr;
	uint16_t host;

	(void)state;
	round.extra =
		(struct extra){.kind = EXTRA_PART, .count = 1, .compares = true, .parts = 1 << 2};
	assert_true(conditions_pick(f->ledger, 2, &round, &host));
	addr = roster_host_addr(&f->roster, 2, host);
	assert_in_range(addr.bytes[3], 128, 191);
	ask(&round, host, 0.1F, EVIDENCE_SILENT);
	assert_true(conditions_pick(f->ledger, 2, &round, &host));
	addr = roster_host_addr(&f->roster, 2, host);
	assert_false(addr.bytes[3] >= 128 && addr.bytes[3] <= 191);
	fixture_free(f);
}

static void test_a_missed_host_is_remembered_and_extra_silences_do_not_count(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();

	(void)state;
	ask(&round, 0, 0.9F, EVIDENCE_REPLY);
	ask(&round, 1, 0.9F, EVIDENCE_SILENT);
	ask(&round, 20, 0.9F, EVIDENCE_SILENT);
	round.extra_probes = 1 << 2;
	conditions_learn(f->ledger, 0, &round);
	assert_int_not_equal(f->ledger->tracks[0].evidence, 0);
	assert_true(condition_store_get(&f->ledger->conditions, &f->ledger->tracks[0]).quiet &
		    1 << 1);
	assert_int_equal(round.x.list[1].state, EVIDENCE_SILENT);
	assert_int_equal(round.x.list[2].state, EVIDENCE_NEUTRAL);
	fixture_free(f);
}

static void test_extra_probes_do_not_teach_how_often_cold_hosts_answer(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();
	struct hotlist *hot = &f->ledger->blocks[0].hot;

	(void)state;
	conditions_learn(f->ledger, 0, &round);
	hot->cold = 17; /* the round taught that */
	conditions_apply(f->ledger, 0, &round);
	assert_int_equal(hot->cold, 17);
	round.extra_probes = 1;
	conditions_apply(f->ledger, 0, &round);
	assert_float_equal(hotlist_cold_rate(hot), 0.1F, 0.001);
	fixture_free(f);
}

static void test_conditions_of_the_track_replace_those_of_the_block_and_only_these(void **state)
{
	struct fixture *f = setup();
	struct round round = round_of();

	(void)state;
	f->ledger->blocks[0].conditions = BW_DEGRADED | BW_PROXY;
	condition_set(&f->ledger->tracks[0].condition, BW_RATE_LIMITED, true);
	conditions_apply(f->ledger, 0, &round);
	assert_int_equal(f->ledger->blocks[0].conditions, BW_DEGRADED | BW_RATE_LIMITED);
	fixture_free(f);
}

static void test_a_block_of_which_only_the_border_answers_is_in_question(void **state)
{
	const struct condition_evidence evidence = {
		.quiet = 0x3e,
		.quiet_sure = 0x3e,
		.quiet_nats = 12 * CONDITION_NATS,
	};
	struct fixture *f = setup();
	struct round round = round_of();
	struct block *block = &f->ledger->blocks[0];
	struct condition *condition = &f->ledger->tracks[0].condition;

	(void)state;
	block->log_odds = 7;
	block->last_answer = fixture_mono(0);
	condition->last_host = HOST;
	condition->others_s = 99000;
	condition_store_keep(&f->ledger->conditions, &f->ledger->tracks[0], &evidence);
	condition_set(condition, BW_BORDER_ONLY, true);
	conditions_apply(f->ledger, 0, &round);
	assert_true(block->conditions & BW_SUSPECT);
	assert_float_equal(block->log_odds, f->ledger->config.params.start_nats - 12, 0.001);
	assert_int_equal(block->last_answer.ns, 99000 * BW_S); /* of the others */
	fixture_free(f);
}

static void test_the_border_is_sought_at_the_first_address_of_an_open_block(void **state)
{
	struct fixture *f = setup();

	(void)state;
	f->ledger->blocks[0].cold_from = f->ledger->blocks[2].cold_from = 9;
	conditions_seek_border(f->ledger, 0);
	conditions_seek_border(f->ledger, 2);
	assert_int_equal(f->ledger->blocks[0].cold_from, 9);
	assert_int_equal(f->ledger->blocks[2].cold_from, ROSTER_OPEN_FIRST);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies_of_an_up_block_teach_its_usual_ttl),
		cmocka_unit_test(
			test_silence_and_errors_are_no_reply_and_unreachable_names_the_router),
		cmocka_unit_test(
			test_a_dark_block_heard_from_a_new_host_with_another_ttl_meets_its_border),
		cmocka_unit_test(
			test_a_dark_block_heard_with_the_usual_ttl_or_from_a_hot_host_is_back),
		cmocka_unit_test(test_a_round_of_a_poorly_known_block_asks_two_cold_hosts),
		cmocka_unit_test(test_a_rare_round_asks_four_responsive_hosts_unless_much_is_lost),
		cmocka_unit_test(
			test_hot_extra_probes_go_to_hosts_that_were_not_asked_and_are_marked),
		cmocka_unit_test(test_the_border_is_sought_by_hosts_that_were_not_silent_last_time),
		cmocka_unit_test(
			test_cold_probes_go_to_the_next_hosts_that_are_neither_hot_nor_asked),
		cmocka_unit_test(test_part_probes_go_to_that_part_and_the_comparison_elsewhere),
		cmocka_unit_test(test_a_missed_host_is_remembered_and_extra_silences_do_not_count),
		cmocka_unit_test(test_extra_probes_do_not_teach_how_often_cold_hosts_answer),
		cmocka_unit_test(
			test_conditions_of_the_track_replace_those_of_the_block_and_only_these),
		cmocka_unit_test(test_a_block_of_which_only_the_border_answers_is_in_question),
		cmocka_unit_test(test_the_border_is_sought_at_the_first_address_of_an_open_block),
	};

	return cmocka_run_group_tests_name("vantage/conditions", tests, NULL, NULL);
}
