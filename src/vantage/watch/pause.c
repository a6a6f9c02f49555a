/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vantage is found blind by a round, by its sentinels or by its owner. All rounds that are
 * under way end without a record: what they have heard and not heard since the last sign of
 * life proves nothing. Beliefs stay, records say unknown, and only the sentinels are asked,
 * until one of them answers. Then the rounds are spread anew. No event comes of it.
 */
#include "vantage/watch/pause.h"

#include "vantage/ledger/fitness/blindness.h"
#include "vantage/watch/capture_drops.h"
#include "vantage/watch/round/round.h"

static void start_anew(struct watch *w)
{
	for (uint32_t i = 0; i < w->ledger->config.roster->block_count; i++)
		round_abort(w, i);
	schedule_spread(&w->schedule);
}

/* What was lost, or missed, while the vantage could not hear says nothing about the line now. */
static void forget_loss(struct ledger *l)
{
	current_loss_forget(&l->loss, l->now.mono);
	l->fitness.health.loss = (struct loss){.counted = l->now.mono};
	l->fitness.health.missed = 0;
}

static void drop_suspicion(struct ledger *l)
{
	for (uint32_t i = 0; i < l->config.roster->block_count; i++)
		verdict_clear_suspicion(&l->blocks[i], &l->config.params);
}

static void end(struct watch *w)
{
	struct ledger *l = w->ledger;

	forget_loss(l);
	blindness_leave(l);
	start_anew(w);
}

void pause_begin(struct watch *w)
{
	struct ledger *l = w->ledger;

	if (!blindness_enter(l, fitness_take_found(&l->fitness)))
		return;
	drop_suspicion(l);
	for (uint32_t i = 0; i < l->config.roster->block_count; i++) {
		if (!round_table_find(&w->rounds, i))
			continue;
		round_abort(w, i);
		schedule_next(&w->schedule, i);
	}
	sentinels_hurry(&w->sentinels);
}

void pause_end_if_back(struct watch *w)
{
	if (fitness_is_back(&w->ledger->fitness))
		end(w);
}

void pause_release(struct watch *w)
{
	if (w->ledger->fitness.reasons && sentinels_are_none(&w->sentinels))
		end(w);
}

void pause_slept(struct watch *w)
{
	drop_suspicion(w->ledger);
	forget_loss(w->ledger);
	blindness_slept(w->ledger);
	start_anew(w);
}

/* Unless it is blind: only where nothing else can testify, and a block is in question. */
static bool wants_witnesses(const struct watch *w)
{
	const struct fitness *fitness = &w->ledger->fitness;

	if (fitness->reasons)
		return true;
	return w->rounds.suspects > 0 && !fitness->health.seen[HEALTH_REFERENCE] &&
	       !fitness->health.seen[HEALTH_GATEWAY];
}

static void look_for_life(struct watch *w)
{
	struct fitness *fitness = &w->ledger->fitness;
	int64_t timeout_ns = w->ledger->config.params.timeout_ns;
	unsigned lost;

	if (!fitness_is_settled(fitness, timeout_ns, w->ledger->now.mono))
		return;
	lost = fitness_lost(fitness, timeout_ns, w->ledger->now.mono);
	if (lost) {
		fitness_find_blind(fitness, lost);
		pause_begin(w);
	} else {
		pause_end_if_back(w);
	}
}

/* Each second while a block is in question, so that a silence has a sign of life beside it. */
void pause_check_sentinels(struct watch *w)
{
	bool busy = w->ledger->fitness.reasons || w->rounds.suspects > 0;

	if (!sentinels_are_due(&w->sentinels, busy))
		return;
	capture_drops_observe(w);
	look_for_life(w);
	if (w->ledger->fitness.reasons && w->ledger->config.roster->block_count > 0)
		sentinels_draw_witness(&w->sentinels);
	sentinels_ask(&w->sentinels, wants_witnesses(w));
}
