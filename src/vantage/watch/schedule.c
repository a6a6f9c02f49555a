/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When blocks are due. Each block has its round after a time that is jittered
 * by 10 %, so that no flap can hide between rounds; those of a target are spread
 * evenly over one round in a permuted order, and stay so: the sooner one of them
 * notices what befalls all. A block that looks dark makes all
 * blocks of its target due at once (the sibling trigger): what is shared fails
 * together, and a country of four blocks is known in seconds. Each block has an hourly
 * budget, beside the pace that nobody may exceed (probe/budget.h).
 *
 * A target has a round of its own, in which its sum is reported.
 *
 * After a gap (a machine that slept, a vantage that was blind) nothing is due
 * at once: the rounds are spread anew, so that no storm of probes follows.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "infer/coverage.h"
#include "vantage/state.h"

#define GOLDEN 0.6180339887498949 /* its multiples are far from each other, modulo one */
#define JITTER 0.1                /* of a round, sooner or later */
#define HOUR_NS (3600 * (double)BW_S)
#define HOURLY_BURST 40  /* what is saved up; an excursion may cost most of it */
#define SUSPECT_ROUNDS 4 /* a block in question has its next round so many times sooner */
#define DOWN_ROUNDS 2    /* and one that is dark */
#define AGAIN_MIN_NS BW_S
#define SIBLINGS_AROUND 128

/* Probes that were saved up and are kept for something better: */
#define RESERVE 3          /* ... to confirm what a dark block answers */
#define RESERVE_FRAIL 10   /* ... to judge a block of one or two hosts once it has company, */
#define RESERVE_WIDEN 8    /* ... than to look for cold hosts of a block that seems dark, */
#define RESERVE_POOR 33    /* ... than to look for hosts where too few are known to judge by, */
#define RESERVE_AMPLE 34   /* ... than for more than one probe a round to a dark block, */
#define RESERVE_EXPLORE 35 /* ... than to look for more hosts, */
#define RESERVE_FULL 38    /* ... beyond these there is no reason to wait */
#define THRIFT 0.05        /* each that is missing to that slows rounds by so much, ... */
#define THRIFT_SHORT 1.35  /* ... this leaves some of the hour to find hosts, ... */
#define THRIFT_POOR 2      /* ... and this half of it */

static const struct vantage_plan *plan_of(const struct vantage *v, uint32_t block)
{
	return &v->config.plans[vantage_target_of(v, block)];
}

int schedule_init(struct vantage *v)
{
	uint32_t targets = v->config.roster->target_count;

	v->hourly = calloc(targets + 1, sizeof(*v->hourly));
	if (!v->hourly)
		return -ENOMEM;
	for (uint32_t t = 0; t < targets; t++)
		v->hourly[t] = budget_of((int64_t)(HOUR_NS / v->config.plans[t].probes_per_hour),
					 HOURLY_BURST);
	return 0;
}

void schedule_fini(struct vantage *v)
{
	free(v->hourly);
}

static const struct budget *hourly_of(const struct vantage *v, uint32_t block)
{
	return &v->hourly[vantage_target_of(v, block)];
}

static unsigned left_of(const struct vantage *v, uint32_t block)
{
	return budget_left(hourly_of(v, block), v->watches[block].spent, v->now.mono);
}

bool schedule_can_spare(const struct vantage *v, uint32_t block, unsigned asked)
{
	return left_of(v, block) > (asked ? RESERVE_AMPLE : RESERVE);
}

bool schedule_can_widen(const struct vantage *v, uint32_t block)
{
	const struct block *b = &v->blocks[block];

	return b->verdict == BW_UP && b->hosts > b->hot.count && left_of(v, block) > RESERVE_WIDEN;
}

bool schedule_can_explore(const struct vantage *v, uint32_t block)
{
	bool poor = coverage_of(&v->blocks[block]) == COVERAGE_POOR;

	return left_of(v, block) > (poor ? RESERVE_POOR : RESERVE_EXPLORE);
}

int64_t schedule_pace_ns(const struct vantage *v, uint32_t block)
{
	const struct vantage_plan *plan = plan_of(v, block);
	int64_t pace_ns = (int64_t)(HOUR_NS / plan->probes_per_hour);

	return pace_ns > plan->round_ns ? pace_ns : plan->round_ns;
}

/*
 * How long a block that is up lets its round wait: rounds may be due more often than
 * the hour has probes, and then there would be none left to tell a lost packet
 * from an outage, nor to look for more hosts where few are known. What the hour has is
 * spread evenly: the longest time between two rounds is what delays a verdict. One of a
 * host or two whose silence goes on keeps some for the moment when it has company.
 */
static int64_t wait_ns(const struct vantage *v, uint32_t number)
{
	const struct block *block = &v->blocks[number];
	enum coverage coverage = coverage_of(block);
	int64_t elapsed = bw_mono_since(v->now.mono, v->watches[number].last_round);
	unsigned left = left_of(v, number);
	double slower;

	if (block->verdict != BW_UP || v->watches[number].urgent || left > RESERVE_FULL)
		return 0;
	if (block->conditions & BW_SUSPECT &&
	    (left > RESERVE_FRAIL || !siblings_is_lacking(v, number)))
		return 0;
	if (coverage == COVERAGE_POOR)
		slower = THRIFT_POOR;
	else
		slower = fmax(1 + THRIFT * (RESERVE_FULL - left),
			      coverage == COVERAGE_SHORT ? THRIFT_SHORT : 1);
	return (int64_t)(slower * HOUR_NS / plan_of(v, number)->probes_per_hour) - elapsed;
}

bool schedule_urge(struct vantage *v, uint32_t block)
{
	if (left_of(v, block) <= RESERVE)
		return false;
	v->watches[block].urgent = true;
	wheel_arm(v->wheel, block, v->now.mono);
	return true;
}

bool schedule_can_ask(const struct vantage *v, uint32_t block, struct bw_mono *ret_at)
{
	if (!vantage_has_rounds(v))
		return true;
	*ret_at = budget_next(hourly_of(v, block), v->watches[block].spent, v->now.mono);
	return !bw_mono_before(v->now.mono, *ret_at);
}

void schedule_asked(struct vantage *v, uint32_t block)
{
	if (vantage_has_rounds(v))
		(void)budget_take(hourly_of(v, block), &v->watches[block].spent, v->now.mono);
}

static void arm(struct vantage *v, uint32_t id, int64_t after_ns)
{
	wheel_arm(v->wheel, id, bw_mono_add(v->now.mono, after_ns));
}

static int64_t jitter(struct vantage *v, int64_t round)
{
	return (int64_t)((double)round * JITTER * (2 * rng_unit(&v->rng) - 1));
}

/*
 * Until the next of so many slots a round that is not too near, with jitter. Slots keep
 * their distance from each other; one that comes soon after an extra round is left out.
 */
static int64_t until_slot(struct vantage *v, uint32_t number, unsigned slots)
{
	struct watch *watch = &v->watches[number];
	int64_t round = plan_of(v, number)->round_ns, step = round / slots, next = step, after;
	int64_t since = bw_mono_since(v->now.mono, watch->slot);
	int64_t least = step < AGAIN_MIN_NS ? step : AGAIN_MIN_NS;

	if (since > step / 2)
		next = (since + step / 2 + step - 1) / step * step;
	watch->slot = bw_mono_add(watch->slot, next / round * round);
	after = next - since + jitter(v, step);
	return after > least ? after : least;
}

void schedule_next(struct vantage *v, uint32_t number)
{
	const struct block *block = &v->blocks[number];
	unsigned slots = 1;

	if (block->conditions & BW_SUSPECT)
		slots = SUSPECT_ROUNDS;
	else if (block_is_down(block))
		slots = DOWN_ROUNDS;
	arm(v, number, until_slot(v, number, slots));
}

/* A time within a round, evenly spread for the blocks of a target, and for targets. */
static int64_t take_place(struct vantage *v, uint32_t number, double first)
{
	uint32_t t = vantage_target_of(v, number);
	struct roster_range range = roster_target_blocks(v->config.roster, t);
	double part = fmod(first + t * GOLDEN, 1);

	return (int64_t)((v->targets[t].placed++ + part) / (range.end - range.first) *
			 (double)v->config.plans[t].round_ns);
}

void schedule_spread(struct vantage *v)
{
	const struct roster *roster = v->config.roster;
	double first = rng_unit(&v->rng);

	for (uint32_t t = 0; t < roster->target_count; t++) {
		v->targets[t].placed = 0;
		arm(v, roster->block_count + t, v->config.plans[t].round_ns);
	}
	for (uint32_t i = 0; i < roster->block_count; i++) {
		uint32_t number = (uint32_t)permutation_at(&v->order, i);

		round_abort(v, number);
		v->watches[number].slot = bw_mono_add(v->now.mono, take_place(v, number, first));
		wheel_arm(v->wheel, number, v->watches[number].slot);
	}
}

/*
 * A round that waits for less than half a round is only late; one that waits longer takes
 * the place of the next, and this one is reported without it.
 */
static void block_due(struct vantage *v, uint32_t number)
{
	const struct tally none = {0};
	int64_t round = plan_of(v, number)->round_ns;
	int64_t early = (int64_t)((double)round * JITTER);
	int64_t wait = v->blind_reasons ? round : wait_ns(v, number);

	if (wait >= round / 2)
		records_block(v, number, &none);
	if (wait >= round)
		schedule_next(v, number);
	else if (wait > early)
		arm(v, number, wait + jitter(v, round));
	else if (!round_is_free(v))
		arm(v, number, AGAIN_MIN_NS);
	else
		round_begin(v, number);
}

void schedule_due(struct vantage *v, uint32_t id)
{
	const struct roster *roster = v->config.roster;
	uint32_t target = id - roster->block_count;

	if (id >= roster->block_count) {
		v->targets[target].round++;
		records_target(v, target);
		if (target == 0)
			records_vantage(v);
		arm(v, id, v->config.plans[target].round_ns);
	} else if (!v->blind_reasons && round_of(v, id)) {
		round_advance(v, id);
	} else {
		block_due(v, id);
	}
}

/* What is far away in a large target has little in common. */
struct roster_range roster_siblings(const struct vantage *v, uint32_t block)
{
	struct roster_range range =
		roster_target_blocks(v->config.roster, vantage_target_of(v, block));

	if (block - range.first > SIBLINGS_AROUND)
		range.first = block - SIBLINGS_AROUND;
	if (range.end - block > SIBLINGS_AROUND)
		range.end = block + SIBLINGS_AROUND;
	return range;
}

void schedule_hurry(struct vantage *v, uint32_t block)
{
	struct sum *target = &v->targets[vantage_target_of(v, block)];
	struct roster_range siblings = roster_siblings(v, block);

	if (bw_mono_since(v->now.mono, target->hurried) < plan_of(v, block)->confirm_ns)
		return;
	target->hurried = v->now.mono;
	for (uint32_t number = siblings.first; number < siblings.end; number++)
		if (!round_of(v, number) && !block_is_down(&v->blocks[number]))
			(void)schedule_urge(v, number);
}
