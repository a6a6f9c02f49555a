/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "collect/board/cut_off.h"
#include "collect/board/revise.h"

#define ROUND (60 * BW_S)
#define HOUR (3600 * BW_S)

static void make_board(struct board *board, uint32_t vantages, unsigned quorum)
{
	board_init(board);
	board->quorum = quorum;
	board->vantage_count = vantages;
	for (uint32_t n = 0; n < vantages; n++) {
		struct board_vantage *vantage = &board->vantages[n];

		vantage->upstream = n;
		vantage->round_ns = ROUND;
		vantage->dirty_ns = INT64_MAX;
		heard_init(&vantage->heard, 3 * ROUND);
		timeline_init(&vantage->cut_off);
	}
}

/* Vantage says that block N of the target has had the verdict since then. */
static struct board_fact fact_of(uint32_t vantage, unsigned n, int64_t since_ns,
				 enum bw_verdict verdict)
{
	struct board_fact fact = {
		.vantage = vantage,
		.target = "kp",
		.claim = {since_ns + 10 * BW_S, since_ns, since_ns - 30 * BW_S, (uint8_t)verdict},
	};
	char text[32];

	snprintf(text, sizeof(text), "198.18.%u.0/24", n);
	assert_int_equal(bw_prefix_parse(text, &fact.block, NULL), 0);
	snprintf(text, sizeof(text), "198.18.%u.0/23", n & ~1U);
	assert_int_equal(bw_prefix_parse(text, &fact.network, NULL), 0);
	return fact;
}

static void say(struct board *board, uint32_t vantage, unsigned n, int64_t since_ns,
		enum bw_verdict verdict)
{
	const struct board_fact fact = fact_of(vantage, n, since_ns, verdict);

	assert_int_equal(board_take(board, &fact), 0);
}

static void bring_up(struct board *board, int64_t now_ns)
{
	assert_int_equal(revise(board, now_ns), 0);
}

static enum bw_verdict block_at(const struct board *board, uint32_t n, int64_t t_ns)
{
	return timeline_verdict(timeline_at(&board_block(board, n)->merged, t_ns));
}

static enum bw_verdict target_at(const struct board *board, int64_t t_ns)
{
	return timeline_verdict(timeline_at(&board_target(board, 0)->merged, t_ns));
}

static void test_an_outage_that_both_see(void **state)
{
	struct board board;
	const struct interval *dark;

	(void)state;
	make_board(&board, 2, 2);
	for (uint32_t v = 0; v < 2; v++) {
		assert_int_equal(board_hear(&board, v, HOUR, 10 * HOUR, true), 0);
		for (unsigned n = 0; n < 4; n++)
			say(&board, v, n, HOUR, BW_UP);
		say(&board, v, 0, 2 * HOUR + v * 20 * BW_S, BW_DARK);
		say(&board, v, 0, 3 * HOUR + v * 20 * BW_S, BW_UP);
	}
	bring_up(&board, 10 * HOUR);
	dark = timeline_at(&board_block(&board, 0)->merged, 2 * HOUR + 5 * 60 * BW_S);
	assert_int_equal(dark->verdict, BW_DARK);
	/* Within the bounds of both: the first to miss it, the last to have seen it. */
	assert_int_equal(dark->from_ns, 2 * HOUR);
	assert_int_equal(dark->earliest_ns, 2 * HOUR - 10 * BW_S);
	/* The first answer ends it. */
	assert_int_equal(block_at(&board, 0, 3 * HOUR - 1), BW_DARK);
	assert_int_equal(block_at(&board, 0, 3 * HOUR), BW_UP);
	assert_int_equal(target_at(&board, 2 * HOUR + 60 * BW_S), BW_PARTLY_DARK);
	assert_int_equal(target_at(&board, 3 * HOUR), BW_UP);
	board_fini(&board);
}

static void test_a_vantage_that_is_cut_off(void **state)
{
	struct board board;

	(void)state;
	make_board(&board, 2, 1);
	for (uint32_t v = 0; v < 2; v++) {
		assert_int_equal(board_hear(&board, v, HOUR, 3 * HOUR, true), 0);
		for (unsigned n = 0; n < 4; n++)
			say(&board, v, n, HOUR, BW_UP);
	}
	for (unsigned n = 0; n < 4; n++)
		say(&board, 1, n, 2 * HOUR, BW_DARK);
	bring_up(&board, 2 * HOUR + 60 * BW_S);
	assert_int_equal(target_at(&board, 2 * HOUR + 60 * BW_S), BW_UP);
	assert_false(cut_off_is_island(&board, 1, 2 * HOUR + 60 * BW_S));
	bring_up(&board, 2 * HOUR + 180 * BW_S);
	assert_true(cut_off_is_island(&board, 1, 2 * HOUR + 180 * BW_S));
	assert_false(cut_off_is_island(&board, 0, 2 * HOUR + 180 * BW_S));
	board_fini(&board);
}

static void test_some_see_it_and_some_do_not(void **state)
{
	struct board board;

	(void)state;
	make_board(&board, 2, 2);
	for (uint32_t v = 0; v < 2; v++) {
		assert_int_equal(board_hear(&board, v, HOUR, 3 * HOUR, true), 0);
		for (unsigned n = 0; n < 4; n++)
			say(&board, v, n, HOUR, BW_UP);
	}
	say(&board, 0, 3, 2 * HOUR, BW_DARK);
	bring_up(&board, 2 * HOUR + 60 * BW_S);
	assert_false(timeline_at(&board_block(&board, 3)->merged, 2 * HOUR + 60 * BW_S)->seen_from);
	assert_int_equal(revise_deadline(&board), 2 * HOUR + 2 * ROUND);
	bring_up(&board, 2 * HOUR + 2 * ROUND);
	assert_int_equal(block_at(&board, 3, 2 * HOUR + 2 * ROUND), BW_UP);
	assert_true(timeline_at(&board_block(&board, 3)->merged, 2 * HOUR + 2 * ROUND)->seen_from);
	board_fini(&board);
}

static void test_silence_is_unknown(void **state)
{
	struct board board;

	(void)state;
	make_board(&board, 1, 1);
	assert_int_equal(board_hear(&board, 0, HOUR, 2 * HOUR, true), 0);
	say(&board, 0, 0, HOUR, BW_UP);
	bring_up(&board, 2 * HOUR);
	assert_int_equal(revise_deadline(&board), 2 * HOUR + 3 * ROUND);
	bring_up(&board, 2 * HOUR + 3 * ROUND);
	assert_int_equal(target_at(&board, 2 * HOUR + 3 * ROUND - 1), BW_UP);
	assert_int_equal(target_at(&board, 2 * HOUR + 3 * ROUND), BW_UNKNOWN);
	/* What it sends later, of the time of its silence, is history. */
	assert_int_equal(board_hear(&board, 0, 2 * HOUR + ROUND, 4 * HOUR, true), 0);
	bring_up(&board, 4 * HOUR);
	assert_int_equal(target_at(&board, 2 * HOUR + 3 * ROUND), BW_UP);
	board_fini(&board);
}

enum { VANTAGES = 3, BLOCKS = 6, FACTS = 300, SPANS = 12 };

struct story {
	struct board_fact facts[FACTS];
	struct {
		uint32_t vantage;
		int64_t from_ns, to_ns;
		bool healthy;
	} spans[SPANS];
};

static void make_story(struct story *story, uint64_t seed)
{
	struct rng rng = rng_of(seed);
	const enum bw_verdict verdicts[] = {BW_UP, BW_DARK,     BW_DARK,
					    BW_UP, BW_FLAPPING, BW_UNKNOWN};

	for (unsigned n = 0; n < FACTS; n++) {
		const unsigned first = VANTAGES * BLOCKS;
		const int64_t since =
			n < first ? HOUR : HOUR + (int64_t)rng_below(&rng, 20 * 3600) * BW_S;
		const uint32_t vantage =
			n < first ? n % VANTAGES : (uint32_t)rng_below(&rng, VANTAGES);
		const unsigned block = n < first ? n / VANTAGES : (unsigned)rng_below(&rng, BLOCKS);

		story->facts[n] = fact_of(vantage, block, since,
					  n < first ? BW_UP : verdicts[rng_below(&rng, 6)]);
	}
	for (unsigned n = 0; n < SPANS; n++) {
		story->spans[n].vantage = n % VANTAGES;
		story->spans[n].from_ns = HOUR + (n / VANTAGES) * 5 * HOUR;
		story->spans[n].to_ns =
			story->spans[n].from_ns + (int64_t)rng_below(&rng, 5 * 3600) * BW_S;
		story->spans[n].healthy = rng_below(&rng, 4) > 0;
	}
}

static void tell(struct board *board, const struct story *story, unsigned n)
{
	if (n < FACTS)
		assert_int_equal(board_take(board, &story->facts[n]), 0);
	else
		assert_int_equal(board_hear(board, story->spans[n - FACTS].vantage,
					    story->spans[n - FACTS].from_ns,
					    story->spans[n - FACTS].to_ns,
					    story->spans[n - FACTS].healthy),
				 0);
}

static void assert_same(const struct timeline *a, const struct timeline *b)
{
	assert_int_equal(a->intervals.count, b->intervals.count);
	for (uint32_t n = 0; n < a->intervals.count; n++) {
		const struct interval *x = timeline_get(a, n), *y = timeline_get(b, n);

		assert_int_equal(x->from_ns, y->from_ns);
		assert_int_equal(x->earliest_ns, y->earliest_ns);
		assert_int_equal(x->verdict, y->verdict);
		assert_int_equal(x->seen_from, y->seen_from);
		assert_int_equal(x->lacks_quorum, y->lacks_quorum);
	}
}

static void check_gapless(const struct timeline *timeline)
{
	for (uint32_t n = 1; n < timeline->intervals.count; n++)
		assert_true(timeline_get(timeline, n - 1)->from_ns <
			    timeline_get(timeline, n)->from_ns);
}

/* In any order, with merging in between, the history is that of all told at once. */
static void check_order(uint64_t seed)
{
	static struct story story;
	struct board once, often;
	struct rng rng = rng_of(seed + 1000);
	unsigned order[FACTS + SPANS];

	make_story(&story, seed);
	make_board(&once, VANTAGES, 2);
	make_board(&often, VANTAGES, 2);
	for (unsigned n = 0; n < FACTS + SPANS; n++)
		order[n] = n;
	for (unsigned n = FACTS + SPANS - 1; n > VANTAGES * BLOCKS; n--) {
		const unsigned low = VANTAGES * BLOCKS;
		const unsigned other = low + (unsigned)rng_below(&rng, n + 1 - low);
		const unsigned moved = order[n];

		order[n] = order[other];
		order[other] = moved;
	}
	for (unsigned n = 0; n < FACTS + SPANS; n++) {
		tell(&once, &story, n);
		tell(&often, &story, order[n]);
		if (rng_below(&rng, 3) == 0)
			bring_up(&often, 21 * HOUR + (int64_t)n * BW_S);
	}
	bring_up(&once, 22 * HOUR);
	bring_up(&often, 22 * HOUR);
	for (uint32_t n = 0; n < once.blocks.count; n++) {
		check_gapless(&board_block(&once, n)->merged);
		assert_same(&board_block(&once, n)->merged, &board_block(&often, n)->merged);
	}
	for (uint32_t n = 0; n < once.networks.count; n++)
		assert_same(&board_network(&once, n)->merged, &board_network(&often, n)->merged);
	assert_same(&board_target(&once, 0)->merged, &board_target(&often, 0)->merged);
	board_fini(&once);
	board_fini(&often);
}

static void test_the_order_does_not_matter(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++)
		check_order(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_outage_that_both_see),
		cmocka_unit_test(test_a_vantage_that_is_cut_off),
		cmocka_unit_test(test_some_see_it_and_some_do_not),
		cmocka_unit_test(test_silence_is_unknown),
		cmocka_unit_test(test_the_order_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
