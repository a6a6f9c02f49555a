/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ten vantages, of which three lie or are cut, in random worlds of a day each: how often does the
 * merge call a block dark that is up, and how much later than the first honest vantage does it call
 * one dark that is?
 *
 *	islands [DAYS [SEED]]
 *
 * A bad vantage is one of: cut and still telling (all is dark to it), cut and mute (its records of
 * that time come an hour late), lying of all, lying of some. Liars call dark what is up. One that
 * called up what is dark would hold every verdict: an answer is a veto, by contract. Honest
 * vantages now and then miss a block alone, or are silent for some minutes.
 *
 * Exits with 1 when a block was called dark that was up, or a verdict came more than a round late
 * without a vantage that had fallen silent just before: until it is stale, its last word counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "collect/board/board_vantage.h"
#include "collect/board/revise.h"
#include "collect/board/terms.h"

#define VANTAGES 10
#define BAD 3
#define BLOCKS 30
#define NETWORK 3 /* blocks of a network */
#define ROUND (60 * BW_S)
#define STALE (3 * ROUND)
#define HOUR (3600 * BW_S)
#define DAY (24 * HOUR)
#define NOTICE (25 * BW_S) /* a block that is silent for so long in a round is dark */
#define SPANS_MAX 16

struct span {
	int64_t from_ns, until_ns;
	int first, last; /* blocks */
};

struct spans {
	struct span list[SPANS_MAX];
	int count;
};

enum kind { HONEST, CUT_TELLING, CUT_MUTE, LIES_OF_ALL, LIES_OF_SOME };

struct actor {
	enum kind kind;
	int64_t phase_ns;
	struct spans wrong;  /* dark to it, whatever is true */
	struct spans silent; /* nothing comes of this time; of one that is mute it comes late */
};

struct arrival {
	int64_t at_ns;
	struct board_fact fact;      /* target NULL: */
	int64_t heard_ns, silent_ns; /* records of this time, which come late */
};

struct world {
	struct rng rng;
	struct spans outages;
	struct actor actors[VANTAGES];
	struct board board;
	struct arrival *arrivals;
	size_t count, room;
};

struct sums {
	unsigned days, outages, found, late, late_silent, false_dark;
	double worst_s, total_s;
};

static bool covers(const struct spans *spans, int block, int64_t t_ns)
{
	for (int n = 0; n < spans->count; n++) {
		const struct span *span = &spans->list[n];

		if (t_ns >= span->from_ns && t_ns < span->until_ns && block >= span->first &&
		    block <= span->last)
			return true;
	}
	return false;
}

static int64_t random_ns(struct world *world, int64_t least_ns, int64_t most_ns)
{
	return least_ns + (int64_t)rng_below(&world->rng, (uint64_t)(most_ns - least_ns));
}

static void add_span(struct world *world, struct spans *spans, int first, int last,
		     int64_t least_ns, int64_t most_ns)
{
	const int64_t from = random_ns(world, HOUR, DAY - 2 * HOUR);

	if (spans->count < SPANS_MAX)
		spans->list[spans->count++] =
			(struct span){from, from + random_ns(world, least_ns, most_ns), first,
				      last};
}

/* A block, a network or all. */
static void add_outage(struct world *world)
{
	const int block = (int)rng_below(&world->rng, BLOCKS), network = block - block % NETWORK;

	switch (rng_below(&world->rng, 3)) {
	case 0:
		add_span(world, &world->outages, block, block, 5 * ROUND, 3 * HOUR);
		break;
	case 1:
		add_span(world, &world->outages, network, network + NETWORK - 1, 5 * ROUND,
			 6 * HOUR);
		break;
	default:
		add_span(world, &world->outages, 0, BLOCKS - 1, 5 * ROUND, 2 * HOUR);
		break;
	}
}

static void make_honest(struct world *world, struct actor *actor)
{
	for (uint64_t n = rng_below(&world->rng, 4); n > 0; n--) {
		const int block = (int)rng_below(&world->rng, BLOCKS);

		add_span(world, &actor->wrong, block, block, ROUND, 20 * ROUND);
	}
	if (rng_below(&world->rng, 4) == 0)
		add_span(world, &actor->silent, 0, BLOCKS - 1, 4 * ROUND, 15 * ROUND);
}

static void make_bad(struct world *world, struct actor *actor)
{
	actor->kind = CUT_TELLING + (enum kind)rng_below(&world->rng, 4);
	switch (actor->kind) {
	case CUT_TELLING:
	case CUT_MUTE:
		for (int n = 0; n < 3; n++)
			add_span(world, &actor->wrong, 0, BLOCKS - 1, 2 * ROUND, 6 * HOUR);
		if (actor->kind == CUT_MUTE)
			actor->silent = actor->wrong;
		break;
	case LIES_OF_ALL:
		actor->wrong.list[actor->wrong.count++] =
			(struct span){random_ns(world, 0, DAY / 2), DAY, 0, BLOCKS - 1};
		break;
	case LIES_OF_SOME:
		for (int n = 0; n < SPANS_MAX; n++) {
			const int block = (int)rng_below(&world->rng, BLOCKS);

			add_span(world, &actor->wrong, block, block, ROUND, 4 * HOUR);
		}
		break;
	case HONEST:
		break;
	}
}

static void put_arrival(struct world *world, const struct arrival *arrival)
{
	if (world->count == world->room) {
		world->room = world->room ? 2 * world->room : 1024;
		world->arrivals =
			realloc(world->arrivals, world->room * sizeof(world->arrivals[0]));
		if (!world->arrivals)
			exit(2);
	}
	world->arrivals[world->count++] = *arrival;
}

/* When a record of this moment arrives. */
static int64_t arrival_of(struct world *world, const struct actor *actor, int64_t t_ns)
{
	for (int n = 0; n < actor->silent.count; n++) {
		const struct span *span = &actor->silent.list[n];

		if (t_ns >= span->from_ns && t_ns < span->until_ns)
			return span->until_ns + (actor->kind == CUT_MUTE ? HOUR : 0);
	}
	return t_ns + random_ns(world, BW_S / 10, 2 * BW_S);
}

static void say(struct world *world, uint32_t number, int block, int64_t t_ns, bool dark)
{
	struct arrival arrival = {
		.at_ns = arrival_of(world, &world->actors[number], t_ns),
		.fact = {.vantage = number,
			 .target = "kp",
			 .claim = {t_ns, t_ns, t_ns - ROUND, dark ? BW_DARK : BW_UP}},
	};
	char text[32];

	snprintf(text, sizeof(text), "198.18.%d.0/24", block);
	bw_prefix_parse(text, &arrival.fact.block, NULL);
	put_arrival(world, &arrival);
}

/* What a vantage says of a block in each of its rounds, when it changes. */
static void watch(struct world *world, uint32_t number, int block)
{
	const struct actor *actor = &world->actors[number];
	bool was = false;

	say(world, number, block, actor->phase_ns, false);
	for (int64_t t = actor->phase_ns + ROUND; t < DAY; t += ROUND) {
		const bool silent = covers(&world->outages, block, t - NOTICE) &&
				    covers(&world->outages, block, t);
		const bool dark = silent || covers(&actor->wrong, block, t);

		if (dark != was)
			say(world, number, block, t, dark);
		was = dark;
	}
}

/* What a mute vantage has kept comes at once, after it is back. */
static void hear_late(struct world *world, uint32_t number)
{
	const struct actor *actor = &world->actors[number];

	for (int n = 0; n < actor->silent.count && actor->kind == CUT_MUTE; n++) {
		const struct span *span = &actor->silent.list[n];
		const struct arrival arrival = {
			.at_ns = span->until_ns + HOUR,
			.fact = {.vantage = number},
			.heard_ns = span->from_ns,
			.silent_ns = span->until_ns + STALE,
		};

		put_arrival(world, &arrival);
	}
}

static void hear(struct world *world, uint32_t number)
{
	const struct spans *silent = &world->actors[number].silent;
	int64_t from = -HOUR;

	board_say_health(&world->board, number, from, true);
	for (int64_t t = 0; t < DAY; t += ROUND) {
		if (!covers(silent, 0, t))
			continue;
		if (t + STALE > from)
			board_hear(&world->board, number, from, t - ROUND + STALE);
		while (t < DAY && covers(silent, 0, t))
			t += ROUND;
		from = t;
	}
	board_hear(&world->board, number, from, DAY + STALE);
}

static int compare(const void *a, const void *b)
{
	const struct arrival *x = a, *y = b;

	return x->at_ns < y->at_ns ? -1 : x->at_ns > y->at_ns;
}

static void make_board(struct world *world)
{
	struct board *board = &world->board;

	board_init(board);
	terms_demand(board, -HOUR, 2);
	board->vantage_count = VANTAGES;
	for (uint32_t n = 0; n < VANTAGES; n++) {
		struct board_vantage *vantage = &board->vantages[n];

		vantage->upstreams = array_of(sizeof(struct board_upstream));
		vantage->round_ns = ROUND;
		vantage->dirty_ns = INT64_MAX;
		heard_init(&vantage->heard);
		timeline_init(&vantage->cut_off);
		terms_connect(board, n, -HOUR, n);
	}
	for (int n = 0; n < BLOCKS; n++) {
		struct board_place place = {.target = "kp"};
		char text[32];

		snprintf(text, sizeof(text), "198.18.%d.0/24", n);
		bw_prefix_parse(text, &place.block, NULL);
		snprintf(text, sizeof(text), "198.18.%d.0/24", n - n % NETWORK);
		bw_prefix_parse(text, &place.network, NULL);
		board_place(board, &place);
	}
}

static void make_world(struct world *world, uint64_t seed)
{
	*world = (struct world){.rng = rng_of(seed)};
	make_board(world);
	for (uint64_t n = 1 + rng_below(&world->rng, 5); n > 0; n--)
		add_outage(world);
	for (uint32_t n = 0; n < VANTAGES; n++) {
		struct actor *actor = &world->actors[n];

		actor->phase_ns = random_ns(world, 0, ROUND);
		if (n < BAD)
			make_bad(world, actor);
		else
			make_honest(world, actor);
		hear(world, n);
		hear_late(world, n);
		for (int block = 0; block < BLOCKS; block++)
			watch(world, n, block);
	}
	qsort(world->arrivals, world->count, sizeof(world->arrivals[0]), compare);
}

static bool is_dark(const struct world *world, int block, int64_t t_ns)
{
	return timeline_verdict(timeline_at(&board_block(&world->board, (uint32_t)block)->merged,
					    t_ns)) == BW_DARK;
}

/* Until the first vantage that is not silent asks again, a block that is back is still dark. */
static void look_for_lies(const struct world *world, int64_t now_ns, struct sums *sums)
{
	for (int block = 0; block < BLOCKS; block++)
		if (is_dark(world, block, now_ns) && !covers(&world->outages, block, now_ns) &&
		    !covers(&world->outages, block, now_ns - ROUND - 5 * BW_S))
			sums->false_dark++;
}

/* What is awaited of an outage: when the first honest vantage told, and when the merge did. */
struct wait {
	int64_t first_ns[SPANS_MAX], merged_ns[SPANS_MAX];
};

static void note_arrival(const struct world *world, const struct arrival *arrival,
			 struct wait *wait)
{
	const struct board_fact *fact = &arrival->fact;
	const int block = fact->block.addr.bytes[2];

	if (world->actors[fact->vantage].kind != HONEST || fact->claim.verdict != BW_DARK)
		return;
	for (int n = 0; n < world->outages.count; n++) {
		const struct span *span = &world->outages.list[n];

		if (block == span->first && fact->claim.said_ns >= span->from_ns + NOTICE &&
		    fact->claim.said_ns < span->until_ns && wait->first_ns[n] == 0)
			wait->first_ns[n] = arrival->at_ns;
	}
}

static void note_merged(const struct world *world, int64_t now_ns, struct wait *wait)
{
	for (int n = 0; n < world->outages.count; n++) {
		const struct span *span = &world->outages.list[n];

		if (wait->merged_ns[n] == 0 && now_ns >= span->from_ns && now_ns < span->until_ns &&
		    is_dark(world, span->first, now_ns))
			wait->merged_ns[n] = now_ns;
	}
}

/* Whether a vantage fell silent so shortly before that its last word still counted. */
static bool is_held(const struct world *world, const struct span *outage)
{
	for (int n = 0; n < VANTAGES; n++) {
		const struct spans *silent = &world->actors[n].silent;

		for (int i = 0; i < silent->count; i++)
			if (silent->list[i].from_ns > outage->from_ns - STALE - ROUND &&
			    silent->list[i].from_ns < outage->from_ns + 2 * ROUND + NOTICE)
				return true;
	}
	return false;
}

/* An outage that another one covers at its beginning has begun before. */
static bool is_new(const struct world *world, int number)
{
	const struct span *span = &world->outages.list[number];

	for (int n = 0; n < world->outages.count; n++) {
		const struct span *other = &world->outages.list[n];

		if (n != number && other->from_ns < span->until_ns + 2 * ROUND &&
		    other->until_ns + 3 * ROUND > span->from_ns && other->first <= span->last &&
		    other->last >= span->first)
			return false;
	}
	return true;
}

static void sum_up(const struct world *world, const struct wait *wait, struct sums *sums)
{
	for (int n = 0; n < world->outages.count; n++) {
		const struct span *span = &world->outages.list[n];
		const double later_s =
			(double)(wait->merged_ns[n] - wait->first_ns[n]) / (double)BW_S;

		if (!is_new(world, n) || wait->first_ns[n] == 0)
			continue;
		sums->outages++;
		sums->found += wait->merged_ns[n] != 0;
		if (is_held(world, span)) {
			sums->late_silent += wait->merged_ns[n] == 0 || later_s > 62;
			continue;
		}
		sums->late += wait->merged_ns[n] == 0 || later_s > 62; /* two seconds of way */
		sums->total_s += later_s;
		sums->worst_s = later_s > sums->worst_s ? later_s : sums->worst_s;
	}
}

static void take(struct world *world, const struct arrival *arrival, struct wait *wait)
{
	if (!arrival->fact.target) {
		board_hear(&world->board, arrival->fact.vantage, arrival->heard_ns,
			   arrival->silent_ns);
		return;
	}
	board_take(&world->board, &arrival->fact);
	note_arrival(world, arrival, wait);
}

static void run_day(struct world *world, struct sums *sums)
{
	struct wait wait = {{0}, {0}};
	size_t n = 0;

	while (n < world->count && world->arrivals[n].at_ns < DAY) {
		int64_t now = revise_deadline(&world->board);

		if (world->arrivals[n].at_ns <= now) {
			now = world->arrivals[n].at_ns;
			take(world, &world->arrivals[n++], &wait);
		}
		if (n < world->count && world->arrivals[n].at_ns == now)
			continue;
		revise(&world->board, now);
		if (now < HOUR)
			continue;
		look_for_lies(world, now, sums);
		note_merged(world, now, &wait);
	}
	sum_up(world, &wait, sums);
}

/* The history, too, once all that was late has come. */
static void look_back(struct world *world, struct sums *sums)
{
	revise(&world->board, DAY);
	for (int64_t t = HOUR; t < DAY - HOUR; t += ROUND / 2)
		look_for_lies(world, t, sums);
}

int main(int argc, char **argv)
{
	const unsigned days = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
	const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	struct sums sums = {.days = days};
	static struct world world;

	for (unsigned day = 0; day < days; day++) {
		make_world(&world, seed + day);
		run_day(&world, &sums);
		look_back(&world, &sums);
		board_fini(&world.board);
		free(world.arrivals);
	}
	printf("%u days, %d vantages of which %d lie or are cut, %u outages: %u found, "
	       "%u moments of false dark; the verdict comes %.1f s after the first honest vantage, "
	       "%.1f s at most, %u more than a round later; %u more held by a vantage that had "
	       "just fallen silent\n",
	       sums.days, VANTAGES, BAD, sums.outages, sums.found, sums.false_dark,
	       sums.total_s / (sums.outages ? sums.outages : 1), sums.worst_s, sums.late,
	       sums.late_silent);
	return sums.false_dark > 0 || sums.late > 0;
}
