/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A move and an outage are told apart by addresses that nobody is known at: after a move a share of
 * them answers. So the belief that the hosts have moved (evidence_log.moved) ends with the silence
 * of enough such addresses. How many these are follows from the share and from how often hosts
 * moved before: 14 where a third of the addresses is in use, 40 where an eighth is, of a block
 * that moves once in two days. Once all of them were silent, to ask them again says only whether a
 * host has moved there since.
 */
#include "vantage/watch/schedule/moves.h"

#include <math.h>

#include "infer/evidence/rest.h"

#define DAY_S 86400.0F
#define TARGET_DAYS 2.0F   /* a target is taken to have been watched for so many days more, ... */
#define BLOCK_DAYS 5.0F    /* ... and a block to have moved as often as its target so long */
#define DENSITY_PART 0.75F /* what is known of the share of addresses in use may be too much, ... */
#define DENSITY_MIN 0.0625F /* ... but with less the silence would prove nothing for hours */
#define FORMER_HOSTS 2      /* so many that stay silent show a move */

/* Moves a day of the hosts of one block; 0 where none was seen. */
static float rate_of(const struct ledger *l, uint32_t block)
{
	uint32_t target = ledger_target_of(l, block);
	struct roster_range all = roster_target_blocks(l->config.roster, target);
	int64_t seconds = l->now.wall.ns / BW_S - (int64_t)l->tracks[block].first_s;
	float days = seconds > 0 ? (float)seconds / DAY_S : 0;
	float of_target = (float)l->joints[target].moves /
			  ((float)(all.end - all.first) * days + TARGET_DAYS);

	return (BLOCK_DAYS * of_target + (float)ledger_outage_of(l, block)->moves) /
	       (BLOCK_DAYS + days);
}

/*
 * The share of addresses that answer once the hosts have moved. Until they do for the first time,
 * the candidates that a target lists are no sample of all addresses: their hosts are spread over
 * the whole block then.
 */
static float density_of(const struct ledger *l, uint32_t number)
{
	const struct roster *roster = l->config.roster;
	const struct block *block = &l->blocks[number];
	struct bw_prefix prefix = roster_prefix(roster, number);
	float density = hotlist_cold_rate(&block->hot);

	if (!roster_is_open(roster, number))
		density = fminf(density, hotlist_hot_rate(&block->hot) * (float)block->hosts /
						 (float)bw_prefix_size(&prefix));
	return fmaxf(DENSITY_PART * density, DENSITY_MIN);
}

/* Addresses nobody is known at were all asked in the present silence. */
static bool were_all_asked(const struct ledger *l, uint32_t number)
{
	const struct block *block = &l->blocks[number];

	return ledger_outage_of(l, number)->asked >= block->hosts - block->hot.count;
}

void moves_consider(const struct ledger *l, uint32_t number, int64_t elapsed_ns,
		    struct evidence_log *x)
{
	const struct block *block = &l->blocks[number];
	float rate;

	if (l->joints[ledger_target_of(l, number)].moves == 0 || block_is_down(block) ||
	    block->hosts <= block->hot.count)
		return;
	rate = rate_of(l, number) / (DAY_S * (float)BW_S);
	x->moved = x->resumed ? rest_unpack(ledger_outage_of(l, number)->moved)
			      : logf(rate * fmaxf((float)elapsed_ns,
						  (float)l->config.params.drift_min_ns));
	x->density = density_of(l, number);
	if (x->resumed && were_all_asked(l, number))
		x->density *=
			-expm1f(-rate * (float)bw_mono_since(l->now.mono, block->last_answer));
	x->alone = true;
}

/* The former hosts that X asked; true: with them enough have been silent. */
static bool have_moved(struct outage_memory *memory, const struct hotlist *hot,
		       const struct evidence_log *x)
{
	for (unsigned i = 0; i < x->count && memory->awaited > 0; i++) {
		if (!hotlist_is_doubted(hot, x->list[i].host) || x->list[i].attempt > 0)
			continue;
		if (x->list[i].state == EVIDENCE_REPLY)
			memory->awaited = 0;
		else if (x->list[i].state == EVIDENCE_SILENT && --memory->awaited == 0)
			return true;
	}
	return false;
}

static void count_asked(struct outage_memory *memory, const struct evidence_log *x)
{
	if (!x->resumed)
		memory->asked = 0;
	for (unsigned i = 0; i < x->count && memory->asked < UINT16_MAX; i++)
		memory->asked += x->list[i].cold && x->list[i].state == EVIDENCE_SILENT;
}

void moves_learn(struct ledger *l, uint32_t number, const struct evidence_log *x)
{
	const struct block *block = &l->blocks[number];
	bool goes_on = x->moved != EVIDENCE_STAYED && evidence_count(x, EVIDENCE_REPLY) == 0 &&
		       evidence_count(x, EVIDENCE_SILENT) > 0;
	bool shows = evidence_shows_move(x, &l->config.params);
	struct outage_memory *memory;

	if (!goes_on && !shows && ledger_outage_of(l, number)->awaited == 0)
		return;
	memory = ledger_outage_for(l, number);
	memory->moved = rest_pack(evidence_moved(x));
	count_asked(memory, x);
	if (block_is_down(block))
		memory->awaited = 0;
	if (have_moved(memory, &block->hot, x)) {
		l->joints[ledger_target_of(l, number)].moves++;
		memory->moves++;
	}
	if (shows)
		memory->awaited = FORMER_HOSTS;
}
