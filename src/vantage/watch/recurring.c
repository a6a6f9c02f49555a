/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/recurring.h"

#include <math.h>

#include "infer/evidence/belief.h"
#include "infer/evidence/rest.h"
#include "infer/learn.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/ranges.h"
#include "vantage/ledger/records.h"
#include "vantage/ledger/sum_events.h"
#include "vantage/watch/pause.h"
#include "vantage/watch/round/conditions.h"
#include "vantage/watch/round/control_group.h"
#include "vantage/watch/round/late_reply.h"
#include "vantage/watch/round/outage_bounds.h"
#include "vantage/watch/round/round.h"
#include "vantage/watch/schedule/doubt.h"
#include "vantage/watch/schedule/moves.h"
#include "vantage/watch/schedule/siblings.h"
#include "vantage/watch/vouch.h"

#define SUSPECT_SILENCES 2           /* unanswered probes of one round make a block suspect */
#define JUDGE_AGAIN_NS (250 * BW_MS) /* while the control group is awaited */

/* The hosts that a target lists are the first that are asked. */
static void seed_hosts(struct ledger *l, uint32_t number)
{
	struct block *block = &l->blocks[number];
	uint16_t hosts[HOTLIST_MAX];
	uint16_t count = block->hosts < HOTLIST_MAX ? block->hosts : HOTLIST_MAX;
	float sum = 0;

	if (count == 0)
		return;
	if (!block->known) { /* what is not hot hardly ever answers */
		ledger_seed_hosts(l, number, hosts, 0, LEDGER_HOT_GUESS,
				  roster_availability(l->config.roster, number, 0));
		return;
	}
	for (uint16_t h = 0; h < count; h++) {
		hosts[h] = h;
		sum += roster_availability(l->config.roster, number, h);
	}
	ledger_seed_hosts(l, number, hosts, count, fmaxf(sum / count, LEDGER_HOT_GUESS),
			  sum / count);
	hotlist_doubt_all(&block->hot);
	block->cold_from = (uint16_t)(count % block->hosts);
}

static void start(struct watch *w)
{
	for (uint32_t i = 0; i < w->ledger->config.roster->block_count; i++)
		seed_hosts(w->ledger, i);
	schedule_spread(&w->schedule);
}

static void tick(struct watch *w, bool slept)
{
	if (slept)
		pause_slept(w);
	/* At each step, so the time is compared before anything is called. */
	if (!bw_mono_before(w->ledger->now.mono, w->sentinels.at))
		pause_check_sentinels(w);
}

static void target_due(struct watch *w, uint32_t target)
{
	w->ledger->sums.targets[target].round++;
	sum_events_reconcile(w->ledger, target);
	ranges_end_target_round(w->ledger, target);
	records_target(w->ledger, target);
	if (target == 0)
		records_vantage(w->ledger);
	schedule_next_target(&w->schedule, target);
}

static void due(struct watch *w, uint32_t id)
{
	uint32_t blocks = w->ledger->config.roster->block_count;

	if (id >= blocks)
		target_due(w, id - blocks);
	else if (!ledger_blind(w->ledger, id) && round_table_find(&w->rounds, id))
		round_advance(w, id);
	else if (schedule_begins(&w->schedule, id, round_table_has_room(&w->rounds)))
		round_begin(w, id);
}

static void prepare(struct watch *w, uint32_t block, struct round *round)
{
	struct ledger *l = w->ledger;
	struct track *track = &l->tracks[block];
	int64_t elapsed = bw_mono_since(l->now.mono, track->last_round);

	if (elapsed > 0)
		request_doubt_after(&w->allowance, block, elapsed);
	conditions_plan(l, block, round, rng_unit(&w->rng));
	block_begin(&l->blocks[block], &round->x, &l->config.params, elapsed, l->now.mono);
	round->x.repeated = 1;
	round->x.rest = block_rest(&l->blocks[block], elapsed, l->now.mono);
	moves_consider(l, block, elapsed, &round->x);
	round->is_control = track->control;
	track->urgent = track->control = false;
}

static struct request request(const struct watch *w, uint32_t block, const struct round *round,
			      uint16_t host)
{
	return request_learned(&w->allowance, block, &round->x, host);
}

static int64_t confirm_ns(const struct watch *w, uint32_t block, const struct round *round,
			  const struct siblings *siblings)
{
	return siblings_confirm_ns(w->ledger, block, siblings, &round->x,
				   allowance_plan(&w->allowance, block));
}

/* The probes that are to confirm a silence have begun: the control group may testify. */
static void asked(struct watch *w, uint32_t block, struct round *round)
{
	const struct ledger *l = w->ledger;
	int64_t lasts_ns = bw_mono_since(l->now.mono, round->x.opened);
	struct siblings siblings;

	if (round->controls_at.ns != BW_NEVER.ns || block_is_down(&l->blocks[block]) ||
	    lasts_ns < allowance_plan(&w->allowance, block)->confirm_ns ||
	    evidence_count(&round->x, EVIDENCE_REPLY) > 0)
		return;
	/* Most rounds are over by now: to look at all siblings takes longer than all before. */
	siblings = siblings_of(l, block);
	if (lasts_ns >= confirm_ns(w, block, round, &siblings) && !doubt_is_own_absence(l, block))
		control_group_ask(&w->schedule, &w->rounds, block, round);
}

static void nears_dark(struct watch *w, uint32_t block, struct round *round)
{
	struct siblings siblings = siblings_of(w->ledger, block);

	round->x.confirm_ns = confirm_ns(w, block, round, &siblings);
	round->x.alone = !siblings_are_silent(&siblings);
	round->x.widens = round->x.alone && allowance_can_widen(&w->allowance, block);
}

static bool is_border(struct watch *w, const struct outcome *outcome)
{
	return conditions_outcome(w->ledger, outcome);
}

/* Says at once that a change shows: silence of an up block, a reply of a dark one. */
static void look_suspect(struct watch *w, uint32_t number, struct round *round)
{
	struct block *block = &w->ledger->blocks[number];
	bool replied = evidence_count(&round->x, EVIDENCE_REPLY) > 0;
	bool silent = evidence_count(&round->x, EVIDENCE_SILENT) >= SUSPECT_SILENCES;

	if ((block->verdict == BW_UNKNOWN && !block_is_doubted(block)) || round->was_suspect ||
	    (block_is_down(block) ? !replied : replied || !silent))
		return;
	round->was_suspect = true;
	w->rounds.suspects++;
	block_set_condition(block, BW_SUSPECT, true);
	records_block(w->ledger, number, &round->tally);
	sentinels_hurry(&w->sentinels); /* is it the vantage itself? */
	if (!block_is_down(block) && !round->x.resumed)
		schedule_urge_siblings(&w->schedule, number, &w->rounds);
}

static bool took(struct watch *w, uint32_t block, struct round *round,
		 const struct outcome *outcome)
{
	struct fitness *fitness = &w->ledger->ways.of[outcome->probe.egress];

	if (outcome->kind == OUTCOME_TIMEOUT && !block_is_down(&w->ledger->blocks[block]))
		health_missed(&fitness->health, round->x.list[outcome->probe.tag].availability);
	if (health_is_deaf(&fitness->health)) {
		ways_find_blind(&w->ledger->ways, outcome->probe.egress, BW_WHY_VANTAGE_OFFLINE);
		return false;
	}
	if (outcome->kind == OUTCOME_REPLY)
		late_reply_learn(w->ledger, outcome);
	siblings_note(w->ledger, block, &round->x, outcome->probe.tag);
	control_group_outcome(w->ledger, round, outcome);
	ledger_note_silences(w->ledger, block, &round->x);
	look_suspect(w, block, round);
	return true;
}

/* A block that is not down was up when the probe was sent: silences from before are void. */
static void hear_late(struct watch *w, const struct outcome *reply)
{
	uint32_t number = reply->probe.subject;
	struct block *block = &w->ledger->blocks[number];
	struct round *round = round_table_find(&w->rounds, number);
	const struct tally tally = {.sent = 1, .replies = 1, .rtt_ns = {reply->rtt_ns}};
	const struct verdict_decision up = {.to = BW_UP,
					    .earliest = reply->sent,
					    .latest = reply->sent};

	usual_hear_late(&w->ledger->usuals[number], reply->probe.host);
	if (!bw_mono_before(block->last_answer, reply->sent))
		return;
	block->last_answer = reply->sent;
	block_prove(block);
	siblings_hear(w->ledger, number);
	if (round)
		evidence_forget(&round->x, reply->sent, BELIEF_PROVEN);
	if (block->verdict != BW_UNKNOWN)
		return;
	events_decide(w->ledger, number, &up);
	records_block(w->ledger, number, &tally);
}

/* The block was back when the probe was sent, unless that was before its outage. */
static void hear_recovery(struct watch *w, const struct outcome *reply)
{
	struct outage_memory *memory = ledger_outage_for(w->ledger, reply->probe.subject);

	if (!bw_mono_before(reply->sent, memory->outage.latest)) {
		silence_take_back(&memory->silence, reply->sent);
		if (late_reply_counts(w, reply))
			return; /* which has noted it */
	}
	late_reply_learn(w->ledger, reply);
}

static void late_reply(struct watch *w, const struct outcome *reply)
{
	uint32_t block = reply->probe.subject;

	if (events_withdraw(w->ledger, block, reply)) {
		late_reply_learn(w->ledger, reply);
		round_abort(w, block);
		schedule_next(&w->schedule, block);
	} else if (block_is_down(&w->ledger->blocks[block])) {
		hear_recovery(w, reply);
	} else {
		late_reply_learn(w->ledger, reply);
		hear_late(w, reply);
	}
}

/* A block that answers waits for all its probes, to learn from them. */
static void up(struct watch *w, uint32_t block, struct round *round)
{
	if (!evidence_is_open(&round->x))
		round_settle(w, block);
}

/* Where nobody has ever answered from here, the target's word for its hosts is not enough. */
static void stay_unknown(struct watch *w, uint32_t block)
{
	round_decide(w, block, BW_UNKNOWN, BW_WHY_FEW_EVIDENCE | BW_WHY_NEVER_SEEN);
	round_settle(w, block);
}

/* More may arrive now than when the last outcome came, so that silence weighs more. */
static void believe_dark(struct block *block, const struct evidence_log *x)
{
	block->log_odds = fminf(block->log_odds, fminf(evidence_belief(x, false), x->shared));
}

static void silent(struct watch *w, uint32_t block, struct round *round)
{
	struct ledger *l = w->ledger;
	unsigned reasons, unvouched;

	if (l->blocks[block].last_answer.ns == BLOCK_NEVER_ANSWERED.ns) {
		stay_unknown(w, block);
		return;
	}
	if (doubt_is_premature(l, block, &round->x)) {
		round_settle(w, block);
		return;
	}
	reasons = round_blind_reasons(w, block, &round->x);
	unvouched = vouch_reasons(w, block, &round->x);
	if (reasons && (control_group_is_awaited(round, l->now.mono) ||
			(isfinite(round->x.shared) && vouch_is_awaited(w, &round->x)))) {
		wheel_arm(w->wheel, block, bw_mono_add(l->now.mono, JUDGE_AGAIN_NS));
	} else if (reasons) {
		ways_find_blind(&l->ways, ledger_way_of(l, block), reasons);
	} else if (unvouched) {
		if (vouch_is_awaited(w, &round->x)) {
			wheel_arm(w->wheel, block, bw_mono_add(l->now.mono, JUDGE_AGAIN_NS));
			return;
		}
		if (unvouched == BW_WHY_NEXT_HOP)
			doubt_silence(l, block, BW_WHY_NEXT_HOP);
		round_settle(w, block);
	} else {
		believe_dark(&l->blocks[block], &round->x);
		round_decide(w, block, BW_DARK, 0);
		round_settle(w, block);
		if (block_is_down(&l->blocks[block]))
			conditions_seek_border(l, block);
	}
}

/*
 * A way that falls blind ends its rounds (pause.h), so that here one explains a lack of evidence
 * only if it has not been heard by yet. Where nobody has ever answered, the target's word for its
 * hosts is not enough.
 */
static unsigned undecided(struct watch *w, uint32_t block, unsigned reasons)
{
	const struct ways *ways = &w->ledger->ways;
	unsigned unheard = fitness_unheard(&ways->of[ledger_way_of(w->ledger, block)]);

	if (reasons == BW_WHY_FEW_EVIDENCE && unheard)
		return unheard;
	if (block_is_doubted(&w->ledger->blocks[block]) && siblings_contradict(w->ledger, block))
		return BW_WHY_FEW_HOSTS;
	if (reasons == BW_WHY_FEW_EVIDENCE &&
	    w->ledger->blocks[block].last_answer.ns == BLOCK_NEVER_ANSWERED.ns)
		reasons |= BW_WHY_NEVER_SEEN;
	return reasons;
}

/* A silence that made the block dark was taken for rest in the rounds before: forgets that. */
static void recall_rest(struct ledger *l, uint32_t number)
{
	struct block *block = &l->blocks[number];

	if (bw_mono_before(block->last_answer, silent_block_since(&l->silent[number])))
		block->rest = l->silent[number].rest & REST_BITS;
}

static void learn(struct watch *w, uint32_t block, struct round *round)
{
	struct ledger *l = w->ledger;
	struct evidence_log *x = &round->x;
	struct usual_round range = ranges_begin_round(l, block, x, &round->tally,
						      allowance_interval_ns(&w->allowance, block));
	unsigned evening;

	conditions_learn(l, block, round);
	current_loss_count(&l->loss, ledger_loss_of(l, block), x, l->now.mono);
	siblings_count_loss(l, block, x, &round->tally);
	outage_bounds_keep(w, block, x);
	if (evidence_is_false_alarm(x))
		ledger_outage_for(l, block)->false_alarm = l->now.mono;
	l->tracks[block].srtt_us =
		tally_smooth(&round->tally, l->tracks[block].srtt_us) & TRACK_SRTT_MAX_US;
	evening = l->blocks[block].evening;
	moves_learn(l, block, x);
	learn_round(&l->blocks[block], x, l->now.mono);
	if (!evening && l->blocks[block].evening)
		siblings_count_evening(l, block);
	if (block_is_down(&l->blocks[block]) && x->rest != REST_NEVER)
		recall_rest(l, block);
	conditions_apply(l, block, round);
	if (evidence_count(x, EVIDENCE_REPLY) > 0)
		doubt_note_heard(l, block);
	l->tracks[block].last_round = l->now.mono;
	doubt_round(&w->allowance, block, x);
	if (!block_is_down(&l->blocks[block]) || !vouch_misses_next_hop(w, block))
		events_settle(l, block);
	ranges_end_round(l, block, &range);
}

static void ended(struct watch *w, uint32_t block)
{
	schedule_next(&w->schedule, block);
}

const struct watch_ops recurring_ops = {
	.start = start,
	.tick = tick,
	.due = due,
	.found_blind = pause_begin,
	.sentinel_answered = pause_end_if_back,
	.released = pause_release,
	.rerouted = pause_rerouted,
	.prepare = prepare,
	.request = request,
	.asked = asked,
	.nears_dark = nears_dark,
	.is_border = is_border,
	.took = took,
	.late_reply = late_reply,
	.bound = outage_bounds_of,
	.up = up,
	.silent = silent,
	.undecided = undecided,
	.learn = learn,
	.ended = ended,
};
