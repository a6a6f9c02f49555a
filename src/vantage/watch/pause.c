/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A way out is found blind by a round, by its sentinels or by its owner. All rounds of its blocks
 * that are under way end without a record: what they have heard and not heard since the last sign
 * of life proves nothing. Beliefs stay, records say unknown, and only the sentinels are asked,
 * until one of them answers. Then the rounds are spread anew. No event comes of it. Blocks on
 * other ways are watched on.
 */
#include "vantage/watch/pause.h"

#include <math.h>

#include "vantage/ledger/fitness/blindness.h"
#include "vantage/ledger/records.h"
#include "vantage/watch/capture_drops.h"
#include "vantage/watch/round/round.h"

/* In focus: from the last sign of life to blindness. */
#define UNHEARD_NS (4 * BW_S)
#define CUT_NS (18 * BW_S) /* else, at most, where loss may be to blame: half of it in haste */
#define LOSS_MIN 0.2f     /* loss may have begun just now: it is taken for no less */
#define CHANCE_NATS 13.8f /* so many silences come by chance once in a million */

static void abort_rounds(struct watch *w, unsigned way)
{
	for (uint32_t i = 0; i < w->ledger->config.roster->block_count; i++)
		if (ledger_way_of(w->ledger, i) == way)
			round_abort(w, i);
}

/* What was lost, or missed, while a way could not be heard by says nothing about the line now. */
static void forget_loss(struct ledger *l, unsigned way)
{
	current_loss_forget(&l->loss, way, l->now.mono);
	health_forget_loss(&l->ways.of[way].health, l->now.mono);
}

static void forget_joint_silences(struct ledger *l)
{
	for (uint32_t t = 0; t < l->config.roster->target_count; t++)
		joint_was_deaf(&l->joints[t]);
	for (uint32_t n = 0; n < l->config.roster->network_count; n++)
		if (l->heard[n].last.ns != 0)
			hearing_was_deaf(&l->heard[n]);
}

/* Rounds of targets go on all the time: their records say that nothing can be told. */
static void end(struct watch *w, unsigned way)
{
	struct ledger *l = w->ledger;

	forget_loss(l, way);
	forget_joint_silences(l);
	blindness_leave(l, way);
	abort_rounds(w, way);
	schedule_spread_way(&w->schedule, way);
}

static void begin(struct watch *w, unsigned way, unsigned reasons)
{
	struct ledger *l = w->ledger;

	if (!blindness_enter(l, way, reasons))
		return;
	for (uint32_t i = 0; i < l->config.roster->block_count; i++) {
		if (ledger_way_of(l, i) != way)
			continue;
		verdict_clear_suspicion(&l->blocks[i], &l->config.params);
		if (!round_table_find(&w->rounds, i))
			continue;
		round_abort(w, i);
		schedule_next(&w->schedule, i);
	}
	sentinels_hurry(&w->sentinels);
}

void pause_begin(struct watch *w)
{
	struct ways *ways = &w->ledger->ways;

	ways->found = false;
	for (unsigned n = 0; n < WAYS_MAX; n++) {
		unsigned reasons = fitness_take_found(&ways->of[n]);

		if (reasons && ways->blocks[n] > 0)
			begin(w, n, reasons);
	}
}

void pause_end_if_back(struct watch *w)
{
	for (unsigned n = 0; ways_is_real(n); n++)
		if (w->ledger->ways.of[n].reasons && fitness_is_back(&w->ledger->ways.of[n]))
			end(w, n);
}

void pause_release(struct watch *w, unsigned way)
{
	if (w->ledger->ways.of[way].reasons && sentinels_are_none(&w->sentinels, way))
		end(w, way);
}

void pause_rerouted(struct watch *w, const uint8_t *before)
{
	struct ledger *l = w->ledger;

	for (uint32_t i = 0; i < l->config.roster->block_count; i++) {
		if (l->config.roster->blocks[i].egress == before[i])
			continue;
		verdict_clear_suspicion(&l->blocks[i], &l->config.params);
		round_abort(w, i);
		schedule_anew(&w->schedule, i);
	}
	records_vantage(l);
	sentinels_hurry(&w->sentinels);
}

void pause_slept(struct watch *w)
{
	struct ledger *l = w->ledger;

	for (uint32_t i = 0; i < l->config.roster->block_count; i++)
		verdict_clear_suspicion(&l->blocks[i], &l->config.params);
	for (unsigned n = 0; n < WAYS_MAX; n++)
		forget_loss(l, n);
	forget_joint_silences(l);
	blindness_slept(l);
	for (uint32_t i = 0; i < l->config.roster->block_count; i++)
		round_abort(w, i);
	schedule_spread(&w->schedule);
}

/*
 * Whether chance does not explain the silence of so many probes by a way. The loss is that of
 * before the silence, since a cut raises it.
 */
static bool is_enough(const struct watch *w, unsigned way, unsigned probes)
{
	float usual = fmaxf(w->sentinels.usual_loss[way], LOSS_MIN);

	return (float)probes * -logf(usual) >= CHANCE_NATS;
}

static void note_loss(struct watch *w, unsigned way)
{
	if (!sentinels_silence(&w->sentinels, way).is_common)
		w->sentinels.usual_loss[way] =
			health_loss(&w->ledger->ways.of[way].health, w->ledger->now.mono);
}

/* In focus: true when chance does not explain that nobody answers by a way. */
static bool is_cut(const struct watch *w, unsigned way)
{
	struct sentinels_silence silence = sentinels_silence(&w->sentinels, way);

	return silence.is_common &&
	       bw_mono_since(w->ledger->now.mono, silence.since) >= UNHEARD_NS &&
	       is_enough(w, way, silence.probes);
}

/*
 * Why a way has become blind. Out of focus haste begins only when nobody has been heard for long:
 * 0 also while chance explains the silence of the references on a line with this one's loss.
 */
static unsigned lost_reasons(const struct watch *w, unsigned way)
{
	const struct fitness *fitness = &w->ledger->ways.of[way];
	struct sentinels_silence silence = sentinels_silence(&w->sentinels, way);
	struct bw_mono now = w->ledger->now.mono;
	unsigned lost = fitness_lost(fitness, w->ledger->config.params.timeout_ns, now);

	if (lost == BW_WHY_VANTAGE_OFFLINE && !w->in_focus && silence.is_common &&
	    bw_mono_since(now, silence.since) < CUT_NS && !is_enough(w, way, silence.probes))
		return 0;
	if (!lost && w->in_focus && !fitness->reasons && is_cut(w, way))
		return BW_WHY_VANTAGE_OFFLINE;
	return lost;
}

/* All references of a way that is fit owe replies: in focus, or for long. */
static bool is_silent(const struct watch *w, unsigned way)
{
	const struct fitness *fitness = &w->ledger->ways.of[way];
	int64_t timeout_ns = w->ledger->config.params.timeout_ns;

	return w->ledger->ways.blocks[way] > 0 && !fitness->reasons &&
	       (w->in_focus || fitness_lost(fitness, timeout_ns, w->ledger->now.mono)) &&
	       sentinels_silence(&w->sentinels, way).is_common;
}

/*
 * In haste probes of the pace are spent that a cut soon after this one needs. So no more are sent
 * than are needed while these may still be answered; and what was spent is saved again while a way
 * is blind.
 */
static bool has_asked_enough(const struct watch *w)
{
	for (unsigned n = 0; ways_is_real(n); n++) {
		struct sentinels_silence silence = sentinels_silence(&w->sentinels, n);

		if (is_silent(w, n) &&
		    (silence.awaited == 0 || !is_enough(w, n, silence.probes + silence.awaited)))
			return false;
	}
	return true;
}

static enum sentinels_pace pace_of(const struct watch *w)
{
	for (unsigned n = 0; ways_is_real(n); n++)
		if (is_silent(w, n))
			return SENTINELS_HASTY;
	if (w->rounds.suspects > 0)
		return SENTINELS_BUSY;
	if (ways_any_blind(&w->ledger->ways))
		return w->in_focus ? SENTINELS_SAVING : SENTINELS_BUSY;
	return w->in_focus ? SENTINELS_FOCUS : SENTINELS_IDLE;
}

/* Unless it is blind: only where nothing else can testify, and a block is in question. */
static bool wants_witnesses(const struct watch *w, unsigned way)
{
	const struct fitness *fitness = &w->ledger->ways.of[way];

	if (fitness->reasons || is_silent(w, way))
		return true;
	if (w->rounds.suspects == 0)
		return false;
	return fitness_needs_blocks(fitness) ||
	       (!fitness->health.seen[HEALTH_REFERENCE] && !fitness->health.seen[HEALTH_GATEWAY]);
}

static void look_for_life(struct watch *w, unsigned way)
{
	const struct fitness *fitness = &w->ledger->ways.of[way];
	int64_t timeout_ns = w->ledger->config.params.timeout_ns;
	unsigned lost;

	if (!fitness_is_settled(fitness, timeout_ns, w->ledger->now.mono))
		return;
	if (!fitness->reasons)
		note_loss(w, way);
	lost = lost_reasons(w, way);
	if (lost)
		ways_find_blind(&w->ledger->ways, way, lost);
	else if (fitness_is_back(fitness))
		end(w, way);
}

/* The first sign of life after a start or a sleep is a change of health. */
static void tell_heard(struct watch *w)
{
	const struct ways *ways = &w->ledger->ways;
	bool heard = false;

	for (unsigned n = 0; ways_is_real(n); n++)
		heard |= ways->blocks[n] > 0 && ways->of[n].told_unheard && !ways->of[n].reasons &&
			 !fitness_unheard(&ways->of[n]);
	if (heard)
		records_vantage(w->ledger);
}

/*
 * Each second while a block is in question, so that a silence has a sign of life beside it; each
 * 1.2 s in focus. Once all references are silent, at once in focus and else for as long as makes a
 * way blind: four times a second, and the witnesses, too.
 */
void pause_check_sentinels(struct watch *w)
{
	const struct ways *ways = &w->ledger->ways;
	enum sentinels_pace pace = pace_of(w);

	if (!sentinels_are_due(&w->sentinels, pace))
		return;
	capture_drops_observe(w);
	tell_heard(w);
	for (unsigned n = 0; ways_is_real(n); n++)
		if (ways->blocks[n] > 0)
			look_for_life(w, n);
	if (ways->found)
		pause_begin(w);
	for (unsigned n = 0; ways_is_real(n); n++)
		if (ways->blocks[n] > 0 && ways->of[n].reasons)
			sentinels_draw_witness(&w->sentinels, n);
	if (pace == SENTINELS_HASTY && has_asked_enough(w))
		return;
	sentinels_ask(&w->sentinels);
	for (unsigned n = 0; ways_is_real(n); n++)
		if (wants_witnesses(w, n))
			sentinels_ask_witnesses(&w->sentinels, n);
}
