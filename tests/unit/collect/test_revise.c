/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "collect/board/board_vantage.h"
#include "collect/board/cut_off.h"
#include "collect/board/revise.h"
#include "collect/board/terms.h"

#define ROUND (60 * BW_S)
#define HOUR (3600 * BW_S)

static void make_board(struct board *board, uint32_t vantages, unsigned quorum)
{
	board_init(board);
	assert_int_equal(terms_demand(board, 0, quorum), 0);
	board->vantage_count = vantages;
	for (uint32_t n = 0; n < vantages; n++) {
		struct board_vantage *vantage = &board->vantages[n];

		vantage->upstreams = array_of(sizeof(struct board_upstream));
		vantage->round_ns = ROUND;
		vantage->dirty_ns = INT64_MAX;
		heard_init(&vantage->heard);
		timeline_init(&vantage->cut_off);
		assert_int_equal(terms_connect(board, n, 0, n), 0);
	}
}

/* Records come from FROM to TO, and say whether it is fit. */
static void hear(struct board *board, uint32_t vantage, int64_t from_ns, int64_t to_ns,
		 bool healthy)
{
	assert_int_equal(board_hear(board, vantage, from_ns, to_ns + 3 * ROUND), 0);
	assert_int_equal(board_say_health(board, vantage, from_ns, healthy), 0);
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
	return fact;
}

/* It is in the network of this length. */
static void place(struct board *board, const struct board_fact *fact, unsigned length)
{
	const struct board_place place = {"kp", bw_prefix_of(&fact->block.addr, length),
					  fact->block, fact->claim.said_ns};

	assert_int_equal(board_place(board, &place), 0);
	assert_true(board_knows_place(board, &place));
}

static void say(struct board *board, uint32_t vantage, unsigned n, int64_t since_ns,
		enum bw_verdict verdict)
{
	const struct board_fact fact = fact_of(vantage, n, since_ns, verdict);
	const struct board_view *view;

	place(board, &fact, 23);
	assert_int_equal(board_take(board, &fact), 0);
	view = board_view(board_find_block(board, "kp", &fact.block), vantage);
	assert_true(claims_knows(&view->claims, &fact.claim));
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
		hear(&board, v, HOUR, 10 * HOUR, true);
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

/* Vantage V says of block N: between EARLIEST and LATEST it became this. */
static void change(struct board *board, uint32_t vantage, unsigned n, int64_t earliest_ns,
		   int64_t latest_ns, enum bw_verdict verdict)
{
	struct board_fact fact = fact_of(vantage, n, latest_ns, verdict);

	fact.claim.earliest_ns = earliest_ns;
	place(board, &fact, 23);
	assert_int_equal(board_take(board, &fact), 0);
}

static void bring_two_up(struct board *board, unsigned quorum)
{
	make_board(board, 2, quorum);
	board->stale_after = 3;
	for (uint32_t v = 0; v < 2; v++) {
		hear(board, v, HOUR, 10 * HOUR, true);
		for (unsigned n = 0; n < 4; n++)
			say(board, v, n, HOUR, BW_UP);
	}
}

static const struct interval *interval_at(const struct board *board, uint32_t n, int64_t t_ns)
{
	return timeline_at(&board_block(board, n)->merged, t_ns);
}

static void test_the_last_silence_of_any_bounds_the_return(void **state)
{
	struct board board;

	(void)state;
	bring_two_up(&board, 2);
	for (uint32_t v = 0; v < 2; v++)
		change(&board, v, 0, 2 * HOUR - 40 * BW_S, 2 * HOUR, BW_DARK);
	change(&board, 0, 0, 3 * HOUR - 50 * BW_S, 3 * HOUR, BW_UP);
	bring_up(&board, 3 * HOUR + 5 * BW_S);
	assert_int_equal(interval_at(&board, 0, 3 * HOUR)->earliest_ns, 3 * HOUR - 50 * BW_S);
	/* The other one was without an answer until ten seconds before. */
	change(&board, 1, 0, 3 * HOUR - 10 * BW_S, 3 * HOUR + 30 * BW_S, BW_UP);
	bring_up(&board, 3 * HOUR + 60 * BW_S);
	assert_int_equal(interval_at(&board, 0, 3 * HOUR)->from_ns, 3 * HOUR);
	assert_int_equal(interval_at(&board, 0, 3 * HOUR)->earliest_ns, 3 * HOUR - 10 * BW_S);
	board_fini(&board);
}

static void test_who_lost_it_first_does_not_bound_the_outage(void **state)
{
	struct board board;
	const struct interval *dark;

	(void)state;
	bring_two_up(&board, 2);
	change(&board, 0, 0, 2 * HOUR - 40 * BW_S, 2 * HOUR, BW_DARK);
	change(&board, 1, 0, 3 * HOUR - 40 * BW_S, 3 * HOUR, BW_DARK);
	bring_up(&board, 4 * HOUR);
	dark = interval_at(&board, 0, 3 * HOUR + 1);
	assert_int_equal(dark->verdict, BW_DARK);
	assert_int_equal(dark->from_ns, 3 * HOUR);
	assert_int_equal(dark->earliest_ns, 3 * HOUR - 40 * BW_S);
	board_fini(&board);
}

/* It got answers until it fell silent: the block was up until its last record at least. */
static void test_a_veto_holds_until_it_is_silent(void **state)
{
	struct board board;
	const struct interval *dark;

	(void)state;
	bring_two_up(&board, 1);
	hear(&board, 0, 10 * HOUR, 20 * HOUR, true);
	change(&board, 0, 0, 2 * HOUR - 40 * BW_S, 2 * HOUR, BW_DARK);
	bring_up(&board, 12 * HOUR);
	dark = interval_at(&board, 0, 11 * HOUR);
	assert_int_equal(dark->verdict, BW_DARK);
	assert_int_equal(dark->from_ns, 10 * HOUR + 3 * ROUND);
	assert_int_equal(dark->earliest_ns, 10 * HOUR);
	board_fini(&board);
}

static void test_it_goes_dark_after_it_came_back(void **state)
{
	struct board board;

	(void)state;
	bring_two_up(&board, 2);
	for (uint32_t v = 0; v < 2; v++) {
		change(&board, v, 0, 2 * HOUR - 40 * BW_S, 2 * HOUR, BW_DARK);
		say(&board, v, 0, 3 * HOUR, BW_UP);
		change(&board, v, 0, 3 * HOUR - 60 * BW_S, 4 * HOUR, BW_DARK);
	}
	bring_up(&board, 5 * HOUR);
	assert_int_equal(interval_at(&board, 0, 4 * HOUR)->from_ns, 4 * HOUR);
	assert_int_equal(interval_at(&board, 0, 4 * HOUR)->earliest_ns, 3 * HOUR);
	board_fini(&board);
}

static void test_what_happens_while_nobody_can_tell_is_bounded_by_that(void **state)
{
	struct board board;

	(void)state;
	make_board(&board, 1, 1);
	hear(&board, 0, HOUR, 2 * HOUR - 3 * ROUND, true);
	say(&board, 0, 0, HOUR, BW_UP);
	hear(&board, 0, 3 * HOUR, 5 * HOUR, true);
	change(&board, 0, 0, 3 * HOUR, 3 * HOUR, BW_DARK);
	bring_up(&board, 5 * HOUR);
	assert_int_equal(interval_at(&board, 0, 3 * HOUR)->earliest_ns, 2 * HOUR);
	board_fini(&board);
}

/* The last block went dark no earlier than any of them. */
static void test_a_sum_has_the_latest_bound_of_its_parts(void **state)
{
	struct board board;
	const struct interval *dark;

	(void)state;
	make_board(&board, 1, 1);
	hear(&board, 0, HOUR, 5 * HOUR, true);
	for (unsigned n = 0; n < 2; n++)
		say(&board, 0, n, HOUR, BW_UP);
	change(&board, 0, 0, 2 * HOUR - 5 * BW_S, 2 * HOUR - 1 * BW_S, BW_DARK);
	change(&board, 0, 1, 2 * HOUR - 30 * BW_S, 2 * HOUR, BW_DARK);
	bring_up(&board, 3 * HOUR);
	dark = timeline_at(&board_target(&board, 0)->merged, 2 * HOUR);
	assert_int_equal(dark->verdict, BW_DARK);
	assert_int_equal(dark->from_ns, 2 * HOUR);
	assert_int_equal(dark->earliest_ns, 2 * HOUR - 5 * BW_S);
	board_fini(&board);
}

static void test_a_vantage_that_is_cut_off(void **state)
{
	struct board board;

	(void)state;
	make_board(&board, 2, 1);
	for (uint32_t v = 0; v < 2; v++) {
		hear(&board, v, HOUR, 3 * HOUR, true);
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
		hear(&board, v, HOUR, 3 * HOUR, true);
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
	hear(&board, 0, HOUR, 2 * HOUR, true);
	say(&board, 0, 0, HOUR, BW_UP);
	bring_up(&board, 2 * HOUR);
	assert_int_equal(revise_deadline(&board), 2 * HOUR + 3 * ROUND);
	bring_up(&board, 2 * HOUR + 3 * ROUND);
	assert_int_equal(target_at(&board, 2 * HOUR + 3 * ROUND - 1), BW_UP);
	assert_int_equal(target_at(&board, 2 * HOUR + 3 * ROUND), BW_UNKNOWN);
	/* What it sends later, of the time of its silence, is history. */
	hear(&board, 0, 2 * HOUR + ROUND, 4 * HOUR, true);
	bring_up(&board, 4 * HOUR);
	assert_int_equal(target_at(&board, 2 * HOUR + 3 * ROUND), BW_UP);
	board_fini(&board);
}

enum { VANTAGES = 3, BLOCKS = 6, FACTS = 300, SPANS = 24 };

struct story {
	struct board_fact facts[FACTS];
	unsigned lengths[FACTS]; /* of the network that is named; 0: none */
	struct {
		uint32_t vantage;
		int64_t from_ns, to_ns;
		bool healthy;
	} spans[SPANS];
};

/*
 * Times are few, so that claims of several blocks fall on one moment, and each is reckoned anew, so
 * that the same claim has several times.
 */
static int64_t random_time(struct rng *rng)
{
	const int64_t wobble = (int64_t)rng_below(rng, 3) * 400 * BW_US;

	return HOUR + (int64_t)rng_below(rng, 240) * 300 * BW_S + wobble;
}

static void make_story(struct story *story, uint64_t seed)
{
	struct rng rng = rng_of(seed);
	const enum bw_verdict verdicts[] = {BW_UP, BW_DARK,     BW_DARK,
					    BW_UP, BW_FLAPPING, BW_UNKNOWN};
	const unsigned lengths[] = {0, 0, 22, 23, 23, 24};

	for (unsigned n = 0; n < FACTS; n++) {
		const unsigned first = VANTAGES * BLOCKS;
		const int64_t since = n < first ? HOUR : random_time(&rng);
		const uint32_t vantage =
			n < first ? n % VANTAGES : (uint32_t)rng_below(&rng, VANTAGES);
		const unsigned block = n < first ? n / VANTAGES : (unsigned)rng_below(&rng, BLOCKS);

		story->facts[n] = fact_of(vantage, block, since,
					  n < first ? BW_UP : verdicts[rng_below(&rng, 6)]);
		story->facts[n].claim.said_ns += (int64_t)rng_below(&rng, 3) * 600 * BW_S;
		story->facts[n].claim.earliest_ns -= (int64_t)rng_below(&rng, 3) * 40 * BW_S;
		story->lengths[n] = lengths[rng_below(&rng, 6)];
	}
	for (unsigned n = 0; n < SPANS; n++) {
		story->spans[n].vantage = n % VANTAGES;
		story->spans[n].from_ns = HOUR + (int64_t)rng_below(&rng, 40) * 1800 * BW_S;
		story->spans[n].to_ns =
			story->spans[n].from_ns + (int64_t)rng_below(&rng, 5 * 3600) * BW_S;
		story->spans[n].healthy = rng_below(&rng, 4) > 0;
	}
}

static void tell(struct board *board, const struct story *story, unsigned n)
{
	if (n >= FACTS) {
		hear(board, story->spans[n - FACTS].vantage, story->spans[n - FACTS].from_ns,
		     story->spans[n - FACTS].to_ns, story->spans[n - FACTS].healthy);
		return;
	}
	if (story->lengths[n])
		place(board, &story->facts[n], story->lengths[n]);
	assert_int_equal(board_take(board, &story->facts[n]), 0);
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

/* They are numbered as they came, so they are compared by name. */
static void assert_same_history(const struct board *a, const struct board *b)
{
	uint32_t networks = 0;

	assert_int_equal(a->blocks.count, b->blocks.count);
	for (uint32_t n = 0; n < a->blocks.count; n++) {
		const struct board_block *block = board_block(a, n);
		const struct board_block *other = board_find_block(b, "kp", &block->prefix);

		assert_non_null(other);
		check_gapless(&block->merged);
		assert_same(&block->merged, &other->merged);
		assert_int_equal(bw_prefix_compare(&board_network(a, block->network)->prefix,
						   &board_network(b, other->network)->prefix),
				 0);
	}
	for (uint32_t n = 0; n < a->networks.count; n++) {
		const struct board_network *network = board_network(a, n);

		if (network->blocks == 0)
			continue;
		networks++;
		assert_same(&network->merged,
			    &board_find_network(b, "kp", &network->prefix)->merged);
	}
	assert_true(networks > 0);
	assert_same(&board_target(a, 0)->merged, &board_target(b, 0)->merged);
}

/* The quorum is another one later, so is a round and what connects a vantage. */
static void make_story_board(struct board *board)
{
	make_board(board, VANTAGES, 2);
	board->stale_after = 3;
	assert_int_equal(terms_demand(board, 7 * HOUR, 1), 0);
	assert_int_equal(terms_demand(board, 14 * HOUR, 2), 0);
	assert_int_equal(terms_connect(board, 1, 9 * HOUR, 0), 0);
}

/* In any order, with merging in between, the history is that of all told at once. */
static void check_order(uint64_t seed)
{
	static struct story story;
	struct board once, often;
	struct rng rng = rng_of(seed + 1000);
	unsigned order[FACTS + SPANS];

	make_story(&story, seed);
	make_story_board(&once);
	make_story_board(&often);
	for (unsigned n = 0; n < FACTS + SPANS; n++)
		order[n] = n;
	for (unsigned n = FACTS + SPANS - 1; n > 0; n--) {
		const unsigned other = (unsigned)rng_below(&rng, n + 1);
		const unsigned moved = order[n];

		order[n] = order[other];
		order[other] = moved;
	}
	for (unsigned n = 0; n < FACTS + SPANS; n++) {
		tell(&once, &story, n);
		tell(&often, &story, order[n]);
		if (n == FACTS)
			board_set_round(&often, 1, 2 * ROUND);
		if (rng_below(&rng, 3) == 0)
			bring_up(&often, 21 * HOUR + (int64_t)n * BW_S);
	}
	board_set_round(&once, 1, 2 * ROUND);
	bring_up(&once, 30 * HOUR);
	bring_up(&often, 30 * HOUR);
	assert_same_history(&once, &often);
	board_fini(&once);
	board_fini(&often);
}

/* A vantage that falls silent and is heard of again between two merges leaves a gap. */
static void test_a_silence_between_two_merges(void **state)
{
	const int64_t silent = 2 * HOUR + 3 * ROUND, again = silent + 10 * BW_S;
	struct board board;

	(void)state;
	make_board(&board, 1, 1);
	hear(&board, 0, HOUR, 2 * HOUR, true);
	say(&board, 0, 0, HOUR, BW_UP);
	bring_up(&board, silent - BW_S);
	assert_int_equal(revise_deadline(&board), silent);
	hear(&board, 0, again, 3 * HOUR, true);
	assert_int_equal(revise_deadline(&board), silent);
	bring_up(&board, again + BW_S);
	assert_int_equal(block_at(&board, 0, silent - BW_S), BW_UP);
	assert_int_equal(block_at(&board, 0, silent + BW_S), BW_UNKNOWN);
	assert_int_equal(block_at(&board, 0, again + BW_S), BW_UP);
	assert_int_equal(revise_deadline(&board), 3 * HOUR + 3 * ROUND);
	board_fini(&board);
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
		cmocka_unit_test(test_the_last_silence_of_any_bounds_the_return),
		cmocka_unit_test(test_who_lost_it_first_does_not_bound_the_outage),
		cmocka_unit_test(test_a_veto_holds_until_it_is_silent),
		cmocka_unit_test(test_it_goes_dark_after_it_came_back),
		cmocka_unit_test(test_what_happens_while_nobody_can_tell_is_bounded_by_that),
		cmocka_unit_test(test_a_sum_has_the_latest_bound_of_its_parts),
		cmocka_unit_test(test_a_vantage_that_is_cut_off),
		cmocka_unit_test(test_some_see_it_and_some_do_not),
		cmocka_unit_test(test_silence_is_unknown),
		cmocka_unit_test(test_a_silence_between_two_merges),
		cmocka_unit_test(test_the_order_does_not_matter),
	};

	return cmocka_run_group_tests_name("collect/revise", tests, NULL, NULL);
}
