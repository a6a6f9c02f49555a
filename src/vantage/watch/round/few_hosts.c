/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/round/few_hosts.h"

#include "vantage/roster_weigh.h"

#define LIKELY_DARK (-2.197F) /* log-odds of a belief of .1 */

/* The silent siblings of a block, and itself. */
struct joint_silence {
	unsigned hosts; /* known hosts in them */
	float log_odds; /* their beliefs together */
	bool broken;    /* a sibling answers */
};

unsigned few_hosts_known(const struct ledger *l, uint32_t number)
{
	const struct block *block = &l->blocks[number];
	unsigned count = block->hot.count;

	for (uint16_t h = 0; h < block->hosts; h++)
		count += roster_is_seen(l->config.roster, number, h) &&
			 !hotlist_has(&block->hot, h);
	return count;
}

static bool answers(const struct watch *w, uint32_t number)
{
	const struct round *round = round_table_find(&w->rounds, number);

	return w->ledger->blocks[number].verdict == BW_UP ||
	       (round && evidence_count(&round->x, EVIDENCE_REPLY) > 0);
}

static bool is_silent(const struct watch *w, uint32_t number)
{
	const struct block *block = &w->ledger->blocks[number];
	const struct round *round = round_table_find(&w->rounds, number);

	return block->verdict == BW_DARK || block->reasons & BW_WHY_FEW_HOSTS ||
	       (round && evidence_count(&round->x, EVIDENCE_SILENT) > 0);
}

static struct joint_silence silence_around(const struct watch *w, uint32_t block)
{
	struct roster_range siblings = roster_siblings(w->ledger->config.roster, block);
	struct joint_silence silence = {0};

	for (uint32_t i = siblings.first; i < siblings.end && !silence.broken; i++) {
		unsigned known;

		if (i != block && answers(w, i))
			silence.broken = true;
		if (!is_silent(w, i))
			continue;
		known = few_hosts_known(w->ledger, i);
		silence.hosts += known;
		silence.log_odds += known ? w->ledger->blocks[i].log_odds : 0;
	}
	return silence;
}

bool few_hosts_may_be_off(const struct watch *w, uint32_t block)
{
	struct joint_silence silence;

	if (few_hosts_known(w->ledger, block) > FEW_HOSTS)
		return false;
	silence = silence_around(w, block);
	return silence.broken || silence.hosts <= FEW_HOSTS;
}

bool few_hosts_are_dark(const struct watch *w, uint32_t block, const struct round *round)
{
	const struct evidence *last = evidence_last(&round->x, EVIDENCE_SILENT);
	struct joint_silence silence;

	if (!last || evidence_count(&round->x, EVIDENCE_REPLY) > 0 ||
	    bw_mono_since(last->sent, round->x.opened) < round->x.confirm_ns ||
	    few_hosts_known(w->ledger, block) == 0 ||
	    w->ledger->blocks[block].log_odds > LIKELY_DARK)
		return false;
	silence = silence_around(w, block);
	return !silence.broken && silence.hosts > FEW_HOSTS &&
	       silence.log_odds <= -w->ledger->config.params.dark_nats;
}
