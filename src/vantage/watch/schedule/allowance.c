/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/schedule/allowance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "infer/coverage.h"
#include "vantage/watch/schedule/siblings.h"

#define PACE_INTERVAL_NS BW_S /* a probe a second and block ... */
#define PACE_BURST 20         /* ... in bursts of at most 20 (probe/budget.h says why) */
#define HOUR_NS (3600 * (double)BW_S)
#define HOURLY_BURST 40 /* what is saved up; a silence may cost most of it */

/* Probes that are kept for something better: */
#define RESERVE 3          /* to confirm what a dark block answers */
#define RESERVE_WIDEN 8    /* to look for cold hosts, or a border, of a block that seems dark */
#define RESERVE_FRAIL 10   /* to judge a block of one or two hosts once its siblings are silent */
#define RESERVE_BACK 24    /* for the time when a blind vantage is back: hosts may have gone off */
#define RESERVE_POOR 33    /* to look for hosts where too few are known to judge by */
#define RESERVE_AMPLE 34   /* for more than one probe a round to a dark block */
#define RESERVE_EXPLORE 35 /* to look for more hosts where enough are known */
#define RESERVE_FULL 38    /* beyond these there is no reason to wait */

/* How a shortage slows rounds down, as a multiple of the mean time between two probes: */
#define THRIFT 0.05        /* 1, and so much more for each probe that is missing to RESERVE_FULL */
#define THRIFT_SINGLE 0.08 /* the same where rounds have one probe: an outage will need the rest */
#define THRIFT_SHORT 1.35  /* at least, with coverage short: leaves some to find hosts */
#define THRIFT_POOR 2      /* with coverage poor: leaves half of them */

int allowance_init(struct allowance *a, struct ledger *ledger, const struct vantage_plan *plans)
{
	uint32_t targets = ledger->config.roster->target_count;

	*a = (struct allowance){
		.ledger = ledger,
		.plans = plans,
		.pace = budget_of(PACE_INTERVAL_NS, PACE_BURST),
	};
	if (!plans)
		return 0;
	a->hourly = calloc(targets + 1, sizeof(*a->hourly));
	if (!a->hourly)
		return -ENOMEM;
	for (uint32_t t = 0; t < targets; t++)
		a->hourly[t] =
			budget_of((int64_t)(HOUR_NS / plans[t].probes_per_hour), HOURLY_BURST);
	return 0;
}

void allowance_fini(struct allowance *a)
{
	free(a->hourly);
}

struct budget_spent allowance_begin(const struct allowance *a, uint32_t block)
{
	const struct ledger *l = a->ledger;

	if (!l->tracks)
		return (struct budget_spent){0};
	return budget_recall(&a->pace, l->tracks[block].paced, l->now.mono);
}

void allowance_end(struct allowance *a, uint32_t block, struct budget_spent spent)
{
	if (a->ledger->tracks)
		a->ledger->tracks[block].paced = budget_note(spent) & BUDGET_NOTE_MAX;
}

static const struct budget *hourly_of(const struct allowance *a, uint32_t block)
{
	return &a->hourly[ledger_target_of(a->ledger, block)];
}

bool allowance_can_ask(const struct allowance *a, uint32_t block, struct bw_mono *ret_at)
{
	const struct ledger *l = a->ledger;

	if (!a->hourly)
		return true;
	*ret_at = budget_next(hourly_of(a, block), l->tracks[block].spent, l->now.mono);
	return !bw_mono_before(l->now.mono, *ret_at);
}

void allowance_take(struct allowance *a, uint32_t block)
{
	struct ledger *l = a->ledger;

	if (a->hourly)
		(void)budget_take(hourly_of(a, block), &l->tracks[block].spent, l->now.mono);
}

unsigned allowance_left(const struct allowance *a, uint32_t block)
{
	const struct ledger *l = a->ledger;

	return budget_left(hourly_of(a, block), l->tracks[block].spent, l->now.mono);
}

bool allowance_can_spare(const struct allowance *a, uint32_t block, unsigned asked)
{
	return allowance_left(a, block) > (asked ? RESERVE_AMPLE : RESERVE);
}

bool allowance_can_widen(const struct allowance *a, uint32_t block)
{
	const struct block *b = &a->ledger->blocks[block];

	return (b->verdict == BW_UP || block_is_doubted(b)) && b->hosts > b->hot.count &&
	       allowance_left(a, block) > RESERVE_WIDEN;
}

bool allowance_can_explore(const struct allowance *a, uint32_t block)
{
	bool poor = coverage_of(&a->ledger->blocks[block]) == COVERAGE_POOR;

	return allowance_left(a, block) > (poor ? RESERVE_POOR : RESERVE_EXPLORE);
}

bool allowance_can_seek_border(const struct allowance *a, uint32_t block)
{
	return allowance_left(a, block) > RESERVE_WIDEN;
}

bool allowance_can_bear_witness(const struct allowance *a, uint32_t block)
{
	return !a->hourly || allowance_left(a, block) > RESERVE_BACK;
}

bool allowance_can_urge(const struct allowance *a, uint32_t block)
{
	return allowance_left(a, block) > RESERVE;
}

int64_t allowance_interval_ns(const struct allowance *a, uint32_t block)
{
	const struct vantage_plan *plan = allowance_plan(a, block);
	int64_t interval_ns = (int64_t)(HOUR_NS / plan->probes_per_hour);

	return interval_ns > plan->round_ns ? interval_ns : plan->round_ns;
}

/*
 * How many times the mean time between two probes lies between two rounds. SINGLE: a round has one
 * probe, and none is kept to find hosts.
 */
static double thrift(const struct block *block, unsigned left, bool single)
{
	if (single)
		return fmax(1 + THRIFT_SINGLE * (RESERVE_FULL - left), 1);
	switch (coverage_of(block)) {
	case COVERAGE_POOR:
		return THRIFT_POOR;
	case COVERAGE_SHORT:
		return fmax(1 + THRIFT * (RESERVE_FULL - left), THRIFT_SHORT);
	case COVERAGE_GOOD:
		break;
	}
	return fmax(1 + THRIFT * (RESERVE_FULL - left), 1);
}

/*
 * Rounds may be due more often than the hour has probes. What the hour has is spread evenly,
 * because the longest time between two rounds is what delays a verdict. A block of one or two
 * hosts whose silence goes on keeps some for the moment when its siblings are silent too.
 */
int64_t allowance_wait_ns(const struct allowance *a, uint32_t block)
{
	const struct ledger *l = a->ledger;
	const struct block *b = &l->blocks[block];
	const struct track *track = &l->tracks[block];
	unsigned left = allowance_left(a, block);
	bool throttled = siblings_are_throttled(l, block, left);

	if ((b->verdict != BW_UP && !block_is_doubted(b) && !throttled) || track->urgent ||
	    left > RESERVE_FULL)
		return 0;
	if (b->conditions & BW_SUSPECT && !throttled &&
	    (left > RESERVE_FRAIL || !siblings_contradict(l, block)))
		return 0;
	return (int64_t)(thrift(b, left, throttled) * HOUR_NS /
			 allowance_plan(a, block)->probes_per_hour) -
	       bw_mono_since(l->now.mono, track->last_round);
}
