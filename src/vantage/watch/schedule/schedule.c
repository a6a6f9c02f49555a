/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each block has its next round after a time that is jittered by 10 %, so that no flap can
 * hide between rounds. The blocks of a target are spread evenly over one round in a permuted
 * order, and stay so: the sooner one of them notices what happens to all.
 *
 * A block that looks dark makes its siblings due at once (the sibling trigger). What they
 * share fails together, and a country of four blocks is known in seconds.
 *
 * A target has rounds of its own, at the end of which its sum is reported.
 */
#include "vantage/watch/schedule/schedule.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "vantage/ledger/records.h"
#include "vantage/watch/schedule/doubt.h"
#include "vantage/watch/schedule/siblings.h"

#define GOLDEN 0.6180339887498949 /* its multiples are far from each other, modulo one */
#define JITTER 0.1                /* of a round, sooner or later */
#define SUSPECT_ROUNDS 4          /* a block in question has its next round so many times sooner, */
#define DOWN_ROUNDS 2             /* and one that is dark */
#define AGAIN_MIN_NS BW_S

int schedule_init(struct schedule *s, const struct schedule *borrowed)
{
	uint32_t targets = borrowed->ledger->config.roster->target_count;

	*s = *borrowed;
	s->targets = calloc(targets + 1, sizeof(*s->targets));
	if (!s->targets)
		return -ENOMEM;
	for (uint32_t t = 0; t < targets; t++)
		s->targets[t].urged.ns = INT64_MIN / 2;
	return 0;
}

void schedule_fini(struct schedule *s)
{
	free(s->targets);
}

static int64_t round_ns(const struct schedule *s, uint32_t block)
{
	return allowance_plan(s->allowance, block)->round_ns;
}

static void arm(struct schedule *s, uint32_t id, int64_t after_ns)
{
	wheel_arm(s->wheel, id, bw_mono_add(s->ledger->now.mono, after_ns));
}

static int64_t jitter(struct schedule *s, int64_t round)
{
	return (int64_t)((double)round * JITTER * (2 * rng_unit(s->rng) - 1));
}

/*
 * Time until the next of so many slots a round that is not too near, with jitter. Slots keep
 * their distance from each other; one that comes soon after an extra round is left out.
 */
static int64_t until_slot(struct schedule *s, uint32_t block, unsigned slots)
{
	struct track *track = &s->ledger->tracks[block];
	int64_t round = round_ns(s, block), step = round / slots, next = step, after;
	int64_t since = bw_mono_since(s->ledger->now.mono, track->slot);
	int64_t least = step < AGAIN_MIN_NS ? step : AGAIN_MIN_NS;

	if (since > step / 2)
		next = (since + step / 2 + step - 1) / step * step;
	track->slot = bw_mono_add(track->slot, next / round * round);
	after = next - since + jitter(s, step);
	return after > least ? after : least;
}

void schedule_next(struct schedule *s, uint32_t block)
{
	const struct block *b = &s->ledger->blocks[block];
	unsigned slots = 1;

	if (b->conditions & BW_SUSPECT)
		slots = SUSPECT_ROUNDS;
	else if (block_is_down(b))
		slots = DOWN_ROUNDS;
	arm(s, block, until_slot(s, block, slots));
}

void schedule_next_target(struct schedule *s, uint32_t target)
{
	arm(s, s->ledger->config.roster->block_count + target,
	    s->allowance->plans[target].round_ns);
}

/* The next of the evenly spread places of a target; FIRST: 0..1, where they begin. */
static int64_t take_place(struct schedule *s, uint32_t block, double first)
{
	const struct roster *roster = s->ledger->config.roster;
	uint32_t t = roster_target_of(roster, block);
	struct roster_range range = roster_target_blocks(roster, t);
	uint32_t blocks = range.end - range.first;
	double part = fmod(first + t * GOLDEN, 1);

	return (int64_t)((s->targets[t].placed++ % blocks + part) / blocks *
			 (double)s->allowance->plans[t].round_ns);
}

static void place(struct schedule *s, uint32_t block, double first)
{
	struct track *track = &s->ledger->tracks[block];

	track->slot = bw_mono_add(s->ledger->now.mono, take_place(s, block, first));
	wheel_arm(s->wheel, block, track->slot);
}

void schedule_spread(struct schedule *s)
{
	const struct roster *roster = s->ledger->config.roster;
	double first = rng_unit(s->rng);

	for (uint32_t t = 0; t < roster->target_count; t++) {
		s->targets[t].placed = 0;
		schedule_next_target(s, t);
	}
	for (uint32_t i = 0; i < roster->block_count; i++)
		place(s, (uint32_t)permutation_at(&s->order, i), first);
}

void schedule_spread_way(struct schedule *s, unsigned way)
{
	const struct roster *roster = s->ledger->config.roster;
	double first = rng_unit(s->rng);

	for (uint32_t i = 0; i < roster->block_count; i++) {
		uint32_t block = (uint32_t)permutation_at(&s->order, i);

		if (ledger_way_of(s->ledger, block) == way)
			place(s, block, first);
	}
}

void schedule_anew(struct schedule *s, uint32_t block)
{
	place(s, block, rng_unit(s->rng));
}

/*
 * A round that waits for less than half a round is only late. One that waits longer takes the
 * place of the next, and this one is reported without it.
 */
bool schedule_begins(struct schedule *s, uint32_t block, bool has_room)
{
	const struct tally none = {0};
	int64_t round = round_ns(s, block);
	int64_t early = (int64_t)((double)round * JITTER);
	int64_t wait = round;

	if (!ledger_blind(s->ledger, block))
		wait = allowance_wait_ns(s->allowance, block);
	if (wait >= round / 2) {
		doubt_missed_round(s->allowance, block, BW_WHY_FEW_EVIDENCE);
		records_block(s->ledger, block, &none);
	}
	if (wait >= round)
		schedule_next(s, block);
	else if (wait > early)
		arm(s, block, wait + jitter(s, round));
	else if (!has_room)
		arm(s, block, AGAIN_MIN_NS);
	else
		return true;
	return false;
}

bool schedule_urge(struct schedule *s, uint32_t block)
{
	if (!allowance_can_urge(s->allowance, block))
		return false;
	s->ledger->tracks[block].urgent = true;
	wheel_arm(s->wheel, block, s->ledger->now.mono);
	return true;
}

void schedule_urge_siblings(struct schedule *s, uint32_t block, const struct round_table *rounds)
{
	const struct ledger *l = s->ledger;
	struct schedule_target *target = &s->targets[ledger_target_of(l, block)];
	struct roster_range siblings = roster_siblings(l->config.roster, block);

	if (bw_mono_since(l->now.mono, target->urged) <
		    allowance_plan(s->allowance, block)->confirm_ns ||
	    siblings_are_throttled(l, block, allowance_left(s->allowance, block)))
		return;
	target->urged = l->now.mono;
	for (uint32_t i = siblings.first; i < siblings.end; i++)
		if (!round_table_find(rounds, i) && !block_is_down(&l->blocks[i]))
			(void)schedule_urge(s, i);
}
