/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A round does, step by step, what step_next() (infer/step.h) says for its evidence; it is
 * woken by the wheel or by an outcome. Each decision goes through events_decide(). In a check
 * a block has one round, while it is watched for long it has one after the other. What cannot
 * be decided in one round, because too few hosts answer often, goes on in the next: the belief
 * is carried over. Where the two differ, the round calls watch_ops.h.
 *
 * Invariants: a block is in the round table from round_begin() until round_settle() or
 * round_abort(). Probes of a round that were queued or sent may outlive it. Their outcomes
 * still serve the fitness of their way, and a late reply of a block that was called dark disproves
 * that.
 *
 * No function here ends the rounds of other blocks. When a way out is found to be blind, the
 * round is left as it is and watch.c ends all of them afterwards.
 */
#include "vantage/watch/round/round.h"

#include "infer/evidence/follow_up.h"
#include "infer/learn.h"
#include "infer/step.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/fitness/unrelated.h"
#include "vantage/ledger/records.h"
#include "vantage/watch/capture_drops.h"
#include "vantage/watch/round/conditions.h"
#include "vantage/watch/round/request.h"
#include "vantage/watch/schedule/doubt.h"
#include "vantage/watch/schedule/siblings.h"

#define QUEUE_RETRY_NS (5 * BW_MS)
#define LOOK_NS BW_S /* how often a suspect block looks whether its siblings are silent */

static void give_back(struct watch *w, uint32_t block, const struct round *round)
{
	wheel_cancel(w->wheel, block);
	allowance_end(&w->allowance, block, round->spent);
	round_table_give_back(&w->rounds, block);
}

void round_abort(struct watch *w, uint32_t block)
{
	const struct round *round = round_table_find(&w->rounds, block);

	if (round)
		give_back(w, block, round);
}

void round_settle(struct watch *w, uint32_t block)
{
	struct round *round = round_table_find(&w->rounds, block);

	w->ops->learn(w, block, round);
	records_block(w->ledger, block, &round->tally);
	w->known++;
	give_back(w, block, round);
	if (w->ops->ended)
		w->ops->ended(w, block);
}

void round_decide(struct watch *w, uint32_t number, enum bw_verdict to, unsigned reasons)
{
	struct round *round = round_table_find(&w->rounds, number);
	struct block *block = &w->ledger->blocks[number];
	const struct evidence *reply = evidence_first(&round->x, EVIDENCE_REPLY);
	struct verdict_decision decision = {.to = to, .reasons = reasons};

	w->ops->bound(w, number, round, &decision);
	if (to == BW_UP && reply) {
		if (block_is_down(block)) {
			/* A new host answers: all others may have moved or gone. */
			if (!hotlist_has(&block->hot, reply->host))
				hotlist_doubt_all(&block->hot);
			evidence_forget(&round->x, reply->sent, 0);
		}
		block->log_odds = evidence_belief(&round->x, false);
		block_prove(block);
	}
	events_decide(w->ledger, number, &decision);
}

unsigned round_blind_reasons(struct watch *w, uint32_t block, const struct evidence_log *x)
{
	const struct evidence *last = evidence_last(x, EVIDENCE_SILENT);
	struct bw_mono since = bw_mono_add(x->opened, x->confirm_ns);

	capture_drops_observe(w);
	return unrelated_judge(w->ledger, block, last ? bw_mono_min(since, last->sent) : since);
}

/* All was asked, nothing is decided. */
static void give_up(struct watch *w, uint32_t block, unsigned reasons)
{
	const struct round *round = round_table_find(&w->rounds, block);
	bool dark;

	if (w->ledger->blocks[block].verdict == BW_UNKNOWN) {
		dark = w->ops->is_dark_with_siblings &&
		       w->ops->is_dark_with_siblings(w, block, round);
		round_decide(w, block, dark ? BW_DARK : BW_UNKNOWN,
			     dark ? 0 : w->ops->undecided(w, block, reasons));
	}
	round_settle(w, block);
}

/*
 * A dark block is asked again next round: probes that its hour has no room for can wait. So
 * can those of a block whose silence goes on while its siblings contradict it.
 */
static bool can_wait(const struct watch *w, uint32_t block, const struct evidence_log *x)
{
	if (evidence_count(x, EVIDENCE_REPLY) > 0)
		return false;
	if (!block_is_down(&w->ledger->blocks[block]))
		return (x->resumed && x->count > 0 && doubt_is_own_absence(w->ledger, block)) ||
		       (w->allowance.hourly &&
			siblings_save_probes(w->ledger, block, x,
					     allowance_left(&w->allowance, block)));
	return !allowance_can_spare(&w->allowance, block, x->count);
}

static bool submit(struct watch *w, uint32_t number, struct round *round,
		   const struct request *request)
{
	const struct infer_params *params = &w->ledger->config.params;
	struct evidence evidence = request_evidence(w->ledger, number, request);
	struct bw_mono now = w->ledger->now.mono;

	(void)budget_take(&w->allowance.pace, &round->spent, now);
	allowance_take(&w->allowance, number);
	round->x.widened +=
		follow_up_is_widening(&round->x, params, w->ledger->blocks[number].hosts);
	return evidence_ask(&round->x, &evidence, now) >= 0;
}

/* How long to wait because answers come late: as is learned, or as this round has shown. */
static int64_t late_ns(const struct watch *w, uint32_t block, const struct round *round)
{
	int64_t learned_ns = ledger_late_ns(w->ledger, block);

	return learned_ns > round->late_ns ? learned_ns : round->late_ns;
}

/* Asks HOST; false when it must wait and the wheel has been told. */
static bool ask(struct watch *w, uint32_t block, struct round *round, uint16_t host)
{
	struct request request = w->ops->request(w, block, round, host);
	struct bw_mono now = w->ledger->now.mono;
	struct bw_mono at = budget_next(&w->allowance.pace, round->spent, now);

	request.probe.tag = round->x.count;
	if (round->late_ns > (int64_t)request.probe.patience_us * BW_US)
		request.probe.patience_us = (uint32_t)(round->late_ns / BW_US);
	if (!bw_mono_before(now, at) && allowance_can_ask(&w->allowance, block, &at)) {
		if (engine_submit(w->config.engine, &request.probe) == 0)
			return submit(w, block, round, &request);
		at = bw_mono_max(bw_mono_add(now, QUEUE_RETRY_NS),
				 engine_held_until(w->config.engine, request.probe.egress));
	}
	wheel_arm(w->wheel, block, at);
	return false;
}

static bool may_explore(const struct watch *w, uint32_t block, const struct round *round)
{
	if (round->extra.count > 0 && round->extra.kind == EXTRA_BORDER)
		return allowance_can_seek_border(&w->allowance, block);
	return round->extra.count + round->cold_probes > 0 &&
	       allowance_can_explore(&w->allowance, block);
}

/* An up block may spare a probe for hosts that did not answer lately. */
static void explore(struct watch *w, uint32_t block, struct round *round)
{
	uint16_t host;

	while (may_explore(w, block, round) && conditions_pick(w->ledger, block, round, &host))
		if (!ask(w, block, round, host))
			break;
	round->extra.count = round->cold_probes = 0;
}

/* Waits until AT; or for less, because the siblings of a suspect block may soon be silent. */
static void wait(struct watch *w, uint32_t block, const struct round *round, struct bw_mono at)
{
	if (at.ns == BW_NEVER.ns)
		return;
	if (round->was_suspect && !block_is_down(&w->ledger->blocks[block]))
		at = bw_mono_min(at, bw_mono_add(w->ledger->now.mono, LOOK_NS));
	wheel_arm(w->wheel, block, at);
}

static struct step next_step(struct watch *w, uint32_t number, struct round *round)
{
	struct infer_params params = w->ledger->config.params;
	const struct block *block = &w->ledger->blocks[number];
	int64_t patience_ns = late_ns(w, number, round);

	if (patience_ns > params.followup_ns)
		params.followup_ns = patience_ns;
	if (evidence_count(&round->x, EVIDENCE_REPLY) < round->x.count) {
		siblings_tell_loss(w->ledger, number, &round->x);
		round->x.shared = siblings_shared_belief(w->ledger, number, &round->x);
		if (w->ops->nears_dark && evidence_nears_dark(&round->x, &params, block->hosts))
			w->ops->nears_dark(w, number, round);
	}
	return step_next(block, &round->x, &params, w->ledger->now.mono);
}

/* Asks the next host, if it need not wait; false when the round goes on later or is over. */
static bool ask_next(struct watch *w, uint32_t block, struct round *round, uint16_t host)
{
	if (can_wait(w, block, &round->x)) {
		if (!evidence_is_open(&round->x))
			give_up(w, block, 0);
		return false;
	}
	if (!ask(w, block, round, host))
		return false;
	if (w->ops->asked)
		w->ops->asked(w, block, round);
	return true;
}

void round_advance(struct watch *w, uint32_t block)
{
	struct round *round = round_table_find(&w->rounds, block);
	bool goes_on = round != NULL;

	while (goes_on) {
		struct step step = next_step(w, block, round);

		goes_on = false;
		switch (step.kind) {
		case STEP_ASK:
			goes_on = ask_next(w, block, round, step.host);
			break;
		case STEP_WAIT:
			wait(w, block, round, step.at);
			break;
		case STEP_UP:
			round_decide(w, block, BW_UP, 0);
			explore(w, block, round);
			w->ops->up(w, block, round);
			break;
		case STEP_DARK:
			w->ops->silent(w, block, round);
			break;
		case STEP_UNDECIDED:
			give_up(w, block, step.reasons);
			break;
		}
	}
}

/* Why a block is not probed. */
static unsigned hindrance(const struct roster *roster, uint32_t number)
{
	const struct roster_block *block = &roster->blocks[number];

	if (roster_is_unprobed(roster, number))
		return BW_WHY_NEVER_SEEN;
	if (!roster_is_never_asked(roster, number))
		return BW_WHY_NO_ROUTE;
	return block->refused == ROSTER_BLOCKLISTED ? BW_WHY_BLOCKLISTED : BW_WHY_SPECIAL_PURPOSE;
}

struct round *round_open(struct watch *w, uint32_t block)
{
	struct round *round = round_table_take(&w->rounds, block);

	round->tally = (struct tally){0};
	round->spent = allowance_begin(&w->allowance, block);
	round->late_ns = 0;
	round->was_suspect = round->is_control = round->has_controls = false;
	round->controls_at = BW_NEVER;
	round->extra.count = round->cold_probes = 0;
	round->extra_probes = 0;
	w->ops->prepare(w, block, round);
	return round;
}

void round_begin(struct watch *w, uint32_t number)
{
	const struct roster *roster = w->ledger->config.roster;
	const struct roster_block *block = &roster->blocks[number];

	(void)round_open(w, number);
	if (block->host_count == 0 || block->egress == ROSTER_NO_EGRESS) {
		round_decide(w, number, BW_UNKNOWN, hindrance(roster, number));
		round_settle(w, number);
	} else {
		round_advance(w, number);
	}
}

void round_sent(struct watch *w, const struct probe *probe, struct bw_mono sent)
{
	struct round *round = round_table_find(&w->rounds, probe->subject);

	if (!round || probe->tag >= round->x.count ||
	    round->x.list[probe->tag].state != EVIDENCE_QUEUED)
		return;
	round->tally.sent++;
	evidence_sent(&round->x, probe->tag, sent);
	round_advance(w, probe->subject);
}

/* Whether the probe is of this round, and not of one before that is over. */
static bool is_of_round(const struct round *round, const struct outcome *outcome)
{
	const struct evidence *e;

	if (outcome->probe.tag >= round->x.count)
		return false;
	e = &round->x.list[outcome->probe.tag];
	return e->host == outcome->probe.host &&
	       (outcome->kind == OUTCOME_VOID ? e->state == EVIDENCE_QUEUED
					      : e->sent.ns == outcome->sent.ns);
}

/* What is in the log of the round by now may decide it. */
static void go_on(struct watch *w, struct round *round, const struct outcome *outcome)
{
	uint32_t block = outcome->probe.subject;

	if (!w->ops->took || w->ops->took(w, block, round, outcome))
		round_advance(w, block);
}

void round_take(struct watch *w, struct round *round, const struct outcome *outcome)
{
	if (!learn_outcome(&w->ledger->blocks[outcome->probe.subject], &round->x,
			   outcome->probe.tag, outcome))
		return;
	if (outcome->kind == OUTCOME_REPLY)
		tally_reply(&round->tally, outcome->rtt_ns);
	go_on(w, round, outcome);
}

void round_outcome(struct watch *w, const struct outcome *outcome)
{
	uint32_t block = outcome->probe.subject;
	struct round *round = round_table_find(&w->rounds, block);
	bool border = w->ops->is_border && w->ops->is_border(w, outcome);

	if (!round || !is_of_round(round, outcome)) {
		if (outcome->kind == OUTCOME_REPLY && !border)
			w->ops->late_reply(w, outcome);
		return;
	}
	if (!border) {
		round_take(w, round, outcome);
		return;
	}
	evidence_settle(&round->x, outcome->probe.tag, EVIDENCE_NEUTRAL);
	go_on(w, round, outcome);
}
