/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gateway that answers says nothing of the line behind it. Where no reference has ever answered,
 * a cut there looks like an outage of all that is watched. With one target nothing tells the two
 * apart, and the gateway is believed, because a country that goes dark as a whole is what is looked
 * for. Two targets that were up and fall silent together show a cut.
 */
#include "vantage/ledger/fitness/unrelated.h"

#define COUNT_AGAIN_NS BW_S /* the count may take a look at each block */

static bool is_on_way(const struct ledger *l, uint32_t target, unsigned way)
{
	struct roster_range blocks = roster_target_blocks(l->config.roster, target);

	for (uint32_t i = blocks.first; i < blocks.end; i++)
		if (ledger_way_of(l, i) == way)
			return true;
	return false;
}

/* Whether a part of it was up when last known. */
static bool is_lit(const struct ledger *l, uint32_t target)
{
	enum bw_verdict verdict = l->sums.targets[target].verdict;

	return verdict != BW_DARK && verdict != BW_UNKNOWN;
}

static void count(struct ledger *l, unsigned way)
{
	struct fitness *fitness = &l->ways.of[way];

	fitness->targets = 0;
	fitness->counted = l->now.mono;
	for (uint32_t t = 0; t < l->config.roster->target_count; t++)
		fitness->targets += is_lit(l, t) && is_on_way(l, t, way);
}

unsigned unrelated_judge(struct ledger *l, uint32_t block, struct bw_mono since)
{
	unsigned way = ledger_way_of(l, block);
	struct fitness *fitness = &l->ways.of[way];

	if (l->config.keeps_events &&
	    bw_mono_since(l->now.mono, fitness->counted) >= COUNT_AGAIN_NS)
		count(l, way);
	return fitness_judge(fitness, since);
}
