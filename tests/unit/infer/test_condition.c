/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/border.h"
#include "infer/condition/condition.h"
#include "infer/condition/extra.h"
#include "infer/condition/observe.h"
#include "infer/condition/rate_limit.h"

#define HOSTS 40
#define ROUND (60 * BW_S)
#define RTT (80 * BW_MS)
#define USUAL_TTL 60
#define BORDER 39
#define BORDER_TTL 250

/* A block of 40 candidates, ten a part, and what a round asks of it. */
struct bench {
	struct condition condition;
	struct condition_evidence unrest;
	struct block block;
	struct evidence_log x;
	struct observe_probes asked;
	struct bw_mono now;
};

static uint8_t part_of(uint16_t host)
{
	return (uint8_t)(host / 10);
}

static int setup(void **state)
{
	static struct bench bench;

	bench = (struct bench){.now = {BW_S}};
	condition_init(&bench.condition);
	block_init(&bench.block, HOSTS, true, bench.now);
	hotlist_init(&bench.block.hot, 0.95F, 0.9F);
	bench.block.verdict = BW_UP;
	for (uint16_t host = 0; host < 28; host += 4)
		(void)hotlist_add(&bench.block.hot, host, 0);
	evidence_begin(&bench.x, 5, 5 * BW_S);
	*state = &bench;
	return 0;
}

static void ask(struct bench *bench, uint16_t host, bool answered)
{
	bool hot = hotlist_has(&bench->block.hot, host);
	struct evidence evidence = {.host = host,
				    .availability = hot ? 0.95F : 0.9F,
				    .part = part_of(host)};
	int index = evidence_ask(&bench->x, &evidence, bench->now);

	assert_true(index >= 0);
	evidence_sent(&bench->x, (unsigned)index, bench->now);
	evidence_settle(&bench->x, (unsigned)index, answered ? EVIDENCE_REPLY : EVIDENCE_SILENT);
	if (answered)
		observe_reply(&bench->condition, host, host == BORDER ? BORDER_TTL : USUAL_TTL,
			      RTT + host * 10 * BW_MS, RTT);
	bench->now = bw_mono_add(bench->now, 100 * BW_MS);
}

static unsigned end_round(struct bench *bench)
{
	observe_round(&bench->condition, &bench->unrest, &bench->block, &bench->x, &bench->asked);
	if (condition_evidence_is_empty(&bench->unrest))
		bench->unrest = condition_evidence_none(&bench->condition);
	bench->now = bw_mono_add(bench->now, ROUND);
	evidence_begin(&bench->x, 5, 5 * BW_S);
	bench->asked.extra = 0;
	return bench->condition.conditions;
}

/* Rounds in which each host is asked, one a round, that many times over. */
static unsigned all_answer(struct bench *bench, unsigned times)
{
	unsigned conditions = 0;

	for (unsigned i = 0; i < times * HOSTS; i++) {
		ask(bench, (uint16_t)(i * 7 % HOSTS), true);
		conditions |= end_round(bench);
	}
	return conditions;
}

/* A host of the upper half is silent, then one of the lower half answers, and another. */
static unsigned lose_upper_half(struct bench *bench, unsigned from, unsigned rounds)
{
	unsigned conditions = 0;

	for (unsigned i = from; i < from + rounds; i++) {
		ask(bench, (uint16_t)(20 + i % 20), false);
		ask(bench, (uint16_t)(i * 3 % 20), true);
		ask(bench, (uint16_t)(i * 3 % 20 + 1), true);
		conditions = end_round(bench);
	}
	return conditions;
}

static void test_steady_has_none(void **state)
{
	assert_int_equal(all_answer(*state, 50), 0);
}

static void test_partial(void **state)
{
	struct bench *bench = *state;

	(void)all_answer(bench, 1);
	assert_int_equal(lose_upper_half(bench, 0, 3), 0); /* several rounds */
	assert_int_equal(lose_upper_half(bench, 3, 20), BW_PARTIAL);
	assert_int_equal(condition_silent_parts(&bench->condition, &bench->unrest), 0xc);
	ask(bench, 25, true); /* one answer is not the end, ... */
	assert_int_equal(end_round(bench), BW_PARTIAL);
	ask(bench, 26, true);
	(void)end_round(bench);
	assert_int_equal(condition_silent_parts(&bench->condition, &bench->unrest),
			 0x8); /* ... a second one is */
	for (uint16_t host = 30; host < 32; host++) {
		ask(bench, host, true);
		(void)end_round(bench);
	}
	assert_int_equal(bench->condition.conditions, 0);
	assert_int_equal(condition_silent_parts(&bench->condition, &bench->unrest), 0);
}

/* In the evening cold hosts are silent everywhere. */
static void test_partial_is_no_evening(void **state)
{
	struct bench *bench = *state;

	(void)all_answer(bench, 1);
	ask(bench, 24, false);
	ask(bench, 0, true);
	assert_int_equal(end_round(bench), 0);
	for (uint16_t i = 0; i < 9; i++) {
		ask(bench, 21 + i, false);
		ask(bench, 1 + i, false);
		ask(bench, 11 + i, false);
		ask(bench, i % 3 * 4, true);
		assert_int_equal(end_round(bench), 0);
	}
}

/* What is silent for long without being found so has emptied slowly. */
static void test_parts_empty(void **state)
{
	struct bench *bench = *state;

	(void)all_answer(bench, 1);
	ask(bench, 24, false);
	for (uint16_t i = 0; i < 100; i++) {
		ask(bench, (uint16_t)(i * 3 % 20), true);
		assert_int_equal(end_round(bench), 0);
	}
	assert_int_equal(bench->condition.inhabited, 0xb);
	assert_int_equal(lose_upper_half(bench, 0, 9), 0);
}

/* When the whole block falls silent that is no part of it. */
static void test_dark_is_not_partial(void **state)
{
	struct bench *bench = *state;

	(void)all_answer(bench, 1);
	for (unsigned round = 0; round < 20; round++) {
		for (uint16_t host = 0; host < 20; host++)
			ask(bench, (uint16_t)((host * 3 + round) % HOSTS), false);
		assert_int_equal(end_round(bench), 0);
	}
}

/* All but the border are silent. */
static unsigned leave_border(struct bench *bench, uint16_t who, unsigned rounds)
{
	unsigned conditions = 0;

	for (unsigned round = 0; round < rounds; round++) {
		for (uint16_t host = 0; host < 24 && round == 0; host += 4)
			ask(bench, host, false);
		ask(bench, who, true);
		conditions = end_round(bench);
	}
	return conditions;
}

static void test_border_only(void **state)
{
	struct bench *bench = *state;
	uint32_t last;

	(void)all_answer(bench, 1);
	last = bench->condition.heard_s;
	assert_int_equal(leave_border(bench, BORDER, 2), 0);
	assert_int_equal(leave_border(bench, BORDER, 2), BW_BORDER_ONLY);
	assert_int_equal(bench->condition.others_s, last);
	assert_true(bench->unrest.nats >= 12);
	assert_true(border_is(&bench->condition, BORDER));
	assert_false(border_is(&bench->condition, 3));
	ask(bench, 3, true);
	assert_int_equal(end_round(bench), BW_BORDER_ONLY);
	ask(bench, 8, true);
	assert_int_equal(end_round(bench), 0);
	assert_false(border_is(&bench->condition, BORDER));
}

/* One that answers like the hosts is a host, and proves as much as ever. */
static void test_the_last_host_is_no_border(void **state)
{
	struct bench *bench = *state;

	(void)all_answer(bench, 1);
	assert_int_equal(leave_border(bench, 30, 20), 0);
}

static void test_border_met_in_the_dark(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < HOSTS; i++) {
		ask(bench, (uint16_t)(i % BORDER), true);
		(void)end_round(bench);
	}
	assert_false(
		border_meets(&bench->condition, &bench->unrest, &bench->block, BORDER, BORDER_TTL));
	for (uint16_t host = 0; host < 28; host += 4)
		ask(bench, host, false);
	bench->block.verdict = BW_DARK;
	assert_int_equal(end_round(bench), 0);
	assert_false(border_meets(&bench->condition, &bench->unrest, &bench->block, 30, USUAL_TTL));
	assert_false(border_meets(&bench->condition, &bench->unrest, &bench->block, 0,
				  BORDER_TTL)); /* it is known */
	assert_true(
		border_meets(&bench->condition, &bench->unrest, &bench->block, BORDER, BORDER_TTL));
	assert_true(border_is(&bench->condition, BORDER));
}

static void test_border_by_errors(void **state)
{
	struct bench *bench = *state;
	struct bw_addr router = {.family = 4, .bytes = {198, 18, 1, 1}};
	struct bw_addr other = {.family = 4, .bytes = {198, 18, 1, 2}};

	(void)all_answer(bench, 1);
	for (unsigned i = 0; i < 20; i++)
		border_unreachable(&bench->condition, i % 2 ? &router : &other);
	for (uint16_t host = 0; host < 24; host += 4)
		ask(bench, host, false);
	assert_int_equal(end_round(bench), 0);
	for (unsigned i = 0; i < 5; i++)
		border_unreachable(&bench->condition, &router);
	assert_int_equal(end_round(bench), BW_BORDER_ONLY);
	assert_false(border_is(&bench->condition, 0));
}

/* Everybody answers after the same time. */
static unsigned answer_alike(struct bench *bench, uint8_t ttl, bool listed, unsigned silent)
{
	unsigned conditions = 0;

	bench->asked.listed = listed;
	condition_init(&bench->condition);
	bench->unrest = condition_evidence_none(&bench->condition);
	evidence_begin(&bench->x, 5, 5 * BW_S);
	for (unsigned i = 1; i <= 200; i++) {
		uint16_t host = (uint16_t)(i % HOSTS);
		struct evidence evidence = {.host = host,
					    .availability = 0.9F,
					    .part = part_of(host)};
		bool answered = silent == 0 || i % silent;

		evidence_ask(&bench->x, &evidence, bench->now);
		evidence_sent(&bench->x, 0, bench->now);
		evidence_settle(&bench->x, 0, answered ? EVIDENCE_REPLY : EVIDENCE_SILENT);
		if (answered)
			observe_reply(&bench->condition, host, ttl, RTT + i % 3 * BW_MS, RTT);
		conditions = end_round(bench) & BW_PROXY;
	}
	return conditions;
}

static void test_proxy(void **state)
{
	assert_int_equal(answer_alike(*state, 250, true, 0), BW_PROXY);
	assert_int_equal(answer_alike(*state, 250, true, 60), BW_PROXY); /* a packet is lost */
	assert_int_equal(answer_alike(*state, 250, true, 8), 0);
	assert_int_equal(answer_alike(*state, 60, true, 0), 0); /* a rack of servers */
	assert_int_equal(answer_alike(*state, 60, false, 0), BW_PROXY);
}

static void test_proxy_ends(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(answer_alike(bench, 250, false, 0), BW_PROXY);
	for (uint16_t i = 0; i < 4; i++)
		ask(bench, i, false);
	assert_int_equal(end_round(bench), BW_PROXY);
	for (uint16_t i = 0; i < 6; i++)
		ask(bench, i, false);
	assert_int_equal(end_round(bench), 0);
}

/* An answer, and a salvo at once to four others, so many of which are silent. */
static unsigned salvo(struct bench *bench, unsigned silent)
{
	ask(bench, 0, true);
	for (unsigned i = 0; i < 4; i++) {
		bench->asked.extra |= 1U << bench->x.count;
		ask(bench, (uint16_t)(4 + 4 * i), i + silent < 4);
	}
	return end_round(bench);
}

static void test_rate_limited(void **state)
{
	struct bench *bench = *state;
	unsigned salvos = 0;

	(void)all_answer(bench, 1);
	while (salvo(bench, 3) == 0)
		salvos++;
	assert_in_range(salvos, 3, 10); /* one burst of loss does not do */
	assert_int_equal(bench->condition.conditions, BW_RATE_LIMITED);
	assert_true(rate_limit_factor(&bench->condition,
				      (struct bw_mono){(int64_t)bench->condition.heard_s * BW_S}) <
		    1);
	assert_true(rate_limit_factor(&bench->condition, bench->now) > 0.9F);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(salvo(bench, 0), BW_RATE_LIMITED);
	for (unsigned i = 0; i < 5; i++)
		(void)salvo(bench, 0);
	assert_int_equal(bench->condition.conditions, 0);
}

/* Where spaced probes fail as often that is loss, and not rationing. */
static void test_loss_is_no_rationing(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < 200; i++) {
		ask(bench, (uint16_t)(4 * (i % 7)), i % 3 > 0);
		ask(bench, 1, true);
		(void)end_round(bench);
		if (i >= 50 && i % 3 == 0)
			assert_int_equal(salvo(bench, 1) & BW_RATE_LIMITED, 0);
	}
}

static void test_excuse(void **state)
{
	struct bench *bench = *state;

	ask(bench, 0, true);
	ask(bench, 4, false);
	ask(bench, 8, false);
	bench->asked.extra = 1U << 2;
	observe_neutralise(&bench->condition, &bench->asked, &bench->x);
	assert_int_equal(bench->x.list[1].state, EVIDENCE_SILENT);
	assert_int_equal(bench->x.list[2].state, EVIDENCE_NEUTRAL);
	observe_restore(&bench->condition, &bench->unrest, BW_RATE_LIMITED);
	observe_neutralise(&bench->condition, &bench->asked, &bench->x);
	assert_int_equal(bench->x.list[1].state, EVIDENCE_NEUTRAL);
}

static void test_wishes(void **state)
{
	struct bench *bench = *state;
	struct extra wish;

	(void)all_answer(bench, 1);
	assert_int_equal(extra_wanted(&bench->condition, &bench->unrest, &bench->block, 0).count,
			 0);
	assert_int_equal(extra_wanted(&bench->condition, &bench->unrest, &bench->block, 0.5).count,
			 0);
	wish = extra_wanted(&bench->condition, &bench->unrest, &bench->block, 0.999);
	assert_int_equal(wish.kind, EXTRA_HOT);
	(void)lose_upper_half(bench, 0, 23);
	wish = extra_wanted(&bench->condition, &bench->unrest, &bench->block, 0);
	assert_int_equal(wish.kind, EXTRA_PART);
	assert_int_equal(wish.parts, 0xc);
	assert_true(extra_is_new_host(&bench->unrest, 2, 21));
	bench->block.verdict = BW_DARK;
	assert_int_equal(extra_wanted(&bench->condition, &bench->unrest, &bench->block, 0).count,
			 0);
}

static void test_restart(void **state)
{
	struct bench *bench = *state;

	observe_restore(&bench->condition, &bench->unrest, BW_PARTIAL | BW_BORDER_ONLY | BW_LONE);
	assert_int_equal(bench->condition.conditions, BW_BORDER_ONLY);
	bench->block.verdict = BW_DARK;
	assert_true(border_meets(&bench->condition, &bench->unrest, &bench->block, 5,
				 USUAL_TTL)); /* the first one */
	assert_true(border_is(&bench->condition, 5));
	assert_false(border_meets(&bench->condition, &bench->unrest, &bench->block, 6, USUAL_TTL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_steady_has_none, setup),
		cmocka_unit_test_setup(test_partial, setup),
		cmocka_unit_test_setup(test_partial_is_no_evening, setup),
		cmocka_unit_test_setup(test_parts_empty, setup),
		cmocka_unit_test_setup(test_dark_is_not_partial, setup),
		cmocka_unit_test_setup(test_border_only, setup),
		cmocka_unit_test_setup(test_the_last_host_is_no_border, setup),
		cmocka_unit_test_setup(test_border_met_in_the_dark, setup),
		cmocka_unit_test_setup(test_border_by_errors, setup),
		cmocka_unit_test_setup(test_proxy, setup),
		cmocka_unit_test_setup(test_proxy_ends, setup),
		cmocka_unit_test_setup(test_rate_limited, setup),
		cmocka_unit_test_setup(test_loss_is_no_rationing, setup),
		cmocka_unit_test_setup(test_excuse, setup),
		cmocka_unit_test_setup(test_wishes, setup),
		cmocka_unit_test_setup(test_restart, setup),
	};

	return cmocka_run_group_tests_name("infer/condition", tests, NULL, NULL);
}
