/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of a block and the only ways in which it moves.
 *
 * An outcome changes a piece of evidence (block_take); the wish that follows
 * from all evidence is computed afresh each time (block_next); a verdict is
 * written in one place (block_decide), by whoever has asked the guard whether
 * the vantage itself can be trusted.
 *
 * A reply is proof that a block is up at that moment. Where it contradicts no
 * verdict (the block is up, or unknown) it ends the excursion at once; where
 * the block is dark a second reply, `confirm` later, makes it up. Silence is an
 * argument that must be complete (excursion.c), and a block of which nothing
 * is known beforehand cannot be called dark: its silence is what an empty block
 * sounds like.
 *
 * Flapping is a verdict over phases. A block that flaps goes on being asked
 * like one that is up or dark, by its phase (`down`), and its transitions are
 * samples; they add to the penalty and are no changes of verdict.
 *
 * Called by the vantage, which owns blocks and excursions.
 */
#include "infer/block.h"

#include <math.h>

#include "infer/belief.h"
#include "infer/flap.h"

#define ICMP_UNANSWERED_MIN 2
#define NATS_WANTED 15     /* with hot hosts whose silence weighs less, ... */
#define COLD_SHARE_FEW 0.5 /* ... so many of the rounds look for more, ... */
#define COLD_SHARE 0.1     /* ... else so many; */
#define NATS_POOR 10       /* with less than this ... */
#define COLD_POOR 2        /* ... all, for two at once, ... */
#define CANDIDATES_MANY 16 /* ... where there are many to choose from */

/* CUSUM of Page (1954): .95 of hot probes answered against .7; in 1/100. */
#define CUSUM_SILENCE 179
#define CUSUM_REPLY (-31)
#define CUSUM_ALARM 800
#define CUSUM_CALM 100

#define PENALTY_STEPS 128.0F
#define PENALTY_MAX 4 /* times the threshold: flapping ends within hours, however long it was */

#define STEADY_NS (600 * BW_S)     /* up for so long: what follows is abrupt ... */
#define UNSTABLE_NS (86400 * BW_S) /* ... unless there were signs in so long */

static uint32_t seconds_of(struct bw_mono t)
{
	return (uint32_t)(t.ns / BW_S) + 1;
}

void block_init(struct block *block, uint16_t hosts, bool known, struct bw_mono now)
{
	*block = (struct block){
		.since = now,
		.last_answer = BLOCK_NEVER_ANSWERED,
		.hosts = hosts,
		.known = known,
		.verdict = BW_UNKNOWN,
		.conditions = hosts == 1 && known ? BW_LONE : 0,
	};
}

bool block_is_down(const struct block *block)
{
	return block->verdict == BW_DARK || (block->verdict == BW_FLAPPING && block->down);
}

float block_penalty(const struct block *block)
{
	return block->penalty / PENALTY_STEPS;
}

void block_set_penalty(struct block *block, float penalty)
{
	block->penalty = (uint16_t)(fminf(penalty * PENALTY_STEPS, UINT16_MAX) + 0.5F);
}

void block_begin(const struct block *block, struct evidence_log *x,
		 const struct infer_params *params, int64_t elapsed_ns, struct bw_mono now)
{
	float prior = block->log_odds;

	/* A block in question gathers evidence over rounds: nothing is given back meanwhile. */
	if (block->verdict == BW_UNKNOWN)
		prior = params->start_nats;
	else if (prior > 0 || block_is_down(block))
		prior = belief_drift(prior,
				     elapsed_ns > params->drift_min_ns ? elapsed_ns
								       : params->drift_min_ns,
				     params->mean_up_ns, params->mean_dark_ns);
	evidence_begin(x, prior, params->confirm_ns);
	x->resumed = !block_is_down(block) && (block->conditions & BW_SUSPECT);
	x->asked = now;
}

static unsigned reasons_of_silence(const struct block *block, const struct evidence_log *x)
{
	if (x->count > 0 && evidence_count(x, EVIDENCE_VOID) == x->count)
		return block->reasons ? block->reasons : BW_WHY_SEND_FAILED;
	if (evidence_count(x, EVIDENCE_NEUTRAL) > 0)
		return BW_WHY_FILTERED;
	return block->known ? BW_WHY_FEW_EVIDENCE : BW_WHY_NEVER_SEEN;
}

static bool is_ripe(const struct evidence_log *x, const struct infer_params *params,
		    struct bw_mono now)
{
	return bw_mono_since(now, x->asked) >= params->grace_ns;
}

/* Nothing more is asked for: what do all the answers and silences say? */
static struct block_step conclude(const struct block *block, const struct evidence_log *x,
				  const struct infer_params *params, struct bw_mono now)
{
	struct block_step step = {.kind = STEP_WAIT, .at = BW_NEVER};
	bool down = block_is_down(block);

	if (down ? evidence_is_back(x, params) : evidence_count(x, EVIDENCE_REPLY) > 0) {
		step.kind = STEP_UP;
	} else if (evidence_is_open(x)) {
		return step;
	} else if (!down && block->known && evidence_is_dark(x, params, block->hosts)) {
		step.kind = is_ripe(x, params, now) ? STEP_DARK : STEP_WAIT;
		step.at = bw_mono_add(x->asked, params->grace_ns);
	} else {
		step.kind = STEP_UNDECIDED;
		step.reasons = reasons_of_silence(block, x);
	}
	return step;
}

/*
 * Who is next: the hot hosts, then either cold ones or, where these hardly ever answer,
 * the hot ones once more (a packet may have been lost) before them. Widening takes the
 * cold ones, and all anew where these are few. A dark block's first answer is confirmed by
 * who gave it, and by others in between.
 */
static uint16_t host_for(const struct block *block, const struct evidence_log *x,
			 const struct infer_params *params)
{
	const struct evidence *reply = evidence_first(x, EVIDENCE_REPLY);
	const struct evidence *last = x->count ? &x->list[x->count - 1] : NULL;
	unsigned hot = block->hot.count, place = x->count - x->widened;

	if (block_is_down(block)) {
		if (reply && (last == reply || last->host != reply->host))
			return reply->host;
	} else if (evidence_is_widening(x, params, block->hosts)) {
		place = hot + x->widened;
	} else if (place >= hot && hotlist_cold_rate(&block->hot) < EVIDENCE_REPEATED) {
		place -= hot;
	}
	return hotlist_pick(&block->hot, block->hosts, block->cold_from, place);
}

struct block_step block_next(const struct block *block, const struct evidence_log *x,
			     const struct infer_params *params, struct bw_mono now)
{
	struct bw_mono at = block_is_down(block) ? evidence_next_recovery(x, params, block->hosts)
						 : evidence_next(x, params, block->hosts);

	if (!block->known && x->count >= params->search)
		at = BW_NEVER;
	if (!bw_mono_before(now, at))
		return (struct block_step){
			.kind = STEP_ASK,
			.host = host_for(block, x, params),
		};
	if (at.ns != BW_NEVER.ns)
		return (struct block_step){.kind = STEP_WAIT, .at = at};
	return conclude(block, x, params, now);
}

static enum evidence_state state_of(const struct outcome *outcome)
{
	switch (outcome->kind) {
	case OUTCOME_REPLY:
		return EVIDENCE_REPLY;
	case OUTCOME_TIMEOUT:
		return EVIDENCE_SILENT;
	case OUTCOME_VOID:
		return EVIDENCE_VOID;
	case OUTCOME_ERROR:
		return outcome->reply == REPLY_PROHIBITED || outcome->reply == REPLY_OTHER_ERROR
			       ? EVIDENCE_NEUTRAL
			       : EVIDENCE_SILENT;
	}
	return EVIDENCE_VOID;
}

static unsigned reason_of_status(int status)
{
	switch (status) {
	case BW_ERR_BLOCKLISTED:
		return BW_WHY_BLOCKLISTED;
	case BW_ERR_SPECIAL_PURPOSE:
		return BW_WHY_SPECIAL_PURPOSE;
	case BW_ERR_NO_ROUTE:
		return BW_WHY_NO_ROUTE;
	default:
		return BW_WHY_SEND_FAILED;
	}
}

/* Silent, or so long without an answer that TCP answered three times over. */
static bool went_unanswered(const struct evidence *e, const struct outcome *outcome)
{
	return e->state == EVIDENCE_SILENT ||
	       (e->state == EVIDENCE_WAITING &&
		bw_mono_since(outcome->at, e->sent) > 3 * outcome->rtt_ns);
}

/* TCP answers, and not one of several echo requests was answered. */
static bool shows_icmp_filter(const struct evidence_log *x, const struct outcome *outcome)
{
	unsigned unanswered = 0;

	if (outcome->kind != OUTCOME_REPLY || outcome->probe.method.protocol != BW_PROTOCOL_TCP)
		return false;
	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];

		if (e->protocol == BW_PROTOCOL_ICMP && e->state == EVIDENCE_REPLY)
			return false;
		unanswered += e->protocol == BW_PROTOCOL_ICMP && went_unanswered(e, outcome);
	}
	return unanswered >= ICMP_UNANSWERED_MIN;
}

static void set_condition(struct block *block, unsigned condition, bool on)
{
	block->conditions =
		(uint16_t)((on ? block->conditions | condition : block->conditions & ~condition) &
			   0xfff);
}

bool block_take(struct block *block, struct evidence_log *x, unsigned index,
		const struct outcome *outcome)
{
	enum evidence_state state = state_of(outcome);

	if (index >= x->count || x->list[index].host != outcome->probe.host)
		return false;
	if (shows_icmp_filter(x, outcome))
		set_condition(block, BW_ICMP_FILTERED, true);
	if (state == EVIDENCE_REPLY && outcome->probe.method.protocol == BW_PROTOCOL_ICMP)
		set_condition(block, BW_ICMP_FILTERED, false);
	if (state == EVIDENCE_NEUTRAL && outcome->reply == REPLY_PROHIBITED)
		set_condition(block, BW_FILTERED, true);
	if (state == EVIDENCE_VOID)
		block->reasons |= (uint16_t)reason_of_status(outcome->status);
	if (state == EVIDENCE_REPLY) {
		block->known = true;
		set_condition(block, BW_FILTERED, false);
		if (block->last_answer.ns < outcome->sent.ns)
			block->last_answer = outcome->sent;
	}
	evidence_settle(x, index, state);
	block->log_odds = evidence_belief(x, false);
	return true;
}

static void count_cusum(struct block *block, bool answered, struct bw_mono now)
{
	int cusum = block->cusum + (answered ? CUSUM_REPLY : CUSUM_SILENCE);

	block->cusum = (uint16_t)(cusum < 0                 ? 0
				  : cusum > 2 * CUSUM_ALARM ? 2 * CUSUM_ALARM
							    : cusum);
	if (block->cusum >= CUSUM_ALARM) {
		set_condition(block, BW_DEGRADED, true);
		block->unstable_s = seconds_of(now);
	} else if (block->cusum < CUSUM_CALM) {
		set_condition(block, BW_DEGRADED, false);
	}
}

enum block_coverage block_coverage(const struct block *block)
{
	unsigned sure = hotlist_responsive(&block->hot);
	float nats = (float)sure * -belief_of_silence(hotlist_hot_rate(&block->hot));

	if (nats < NATS_POOR && block->hosts >= CANDIDATES_MANY)
		return COVERAGE_POOR;
	return nats < NATS_WANTED && sure < block->hosts ? COVERAGE_SHORT : COVERAGE_GOOD;
}

unsigned block_cold_probes(const struct block *block, double chance)
{
	if (block->verdict != BW_UP || block->hosts <= block->hot.count)
		return 0;
	switch (block_coverage(block)) {
	case COVERAGE_POOR:
		return COLD_POOR;
	case COVERAGE_SHORT:
		return chance < COLD_SHARE_FEW;
	case COVERAGE_GOOD:
		return chance < COLD_SHARE;
	}
	return 0;
}

void block_learn(struct block *block, const struct evidence_log *x, struct bw_mono now)
{
	bool up = evidence_count(x, EVIDENCE_REPLY) > 0;

	block->log_odds = evidence_belief(x, false);
	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];
		bool answered = e->state == EVIDENCE_REPLY;

		if (up && e->state == EVIDENCE_SILENT && e->attempt == 1 &&
		    hotlist_has(&block->hot, e->host))
			hotlist_learn_retry(&block->hot);
		/* The second silence of a host in one round says nothing new of it. */
		if (!answered && (e->state != EVIDENCE_SILENT || e->attempt > 0))
			continue;
		if (!hotlist_has(&block->hot, e->host))
			block->cold_from = (uint16_t)((e->host + 1) % block->hosts);
		else if (up && hotlist_is_responsive(&block->hot, e->host) &&
			 e->method == hotlist_method(&block->hot, e->host))
			count_cusum(block, answered, now);
		if (up)
			hotlist_learn(&block->hot, e->host, e->method, answered);
	}
	if (!up && x->count > 0 && block_is_down(block))
		hotlist_rotate(&block->hot);
}

static enum bw_onset onset_of(const struct block *block, struct bw_mono now)
{
	int64_t unstable = (int64_t)(seconds_of(now) - block->unstable_s) * BW_S;

	if (block->unstable_s != 0 && unstable < UNSTABLE_NS)
		return BW_ONSET_UNSTABLE;
	return bw_mono_since(now, block->since) >= STEADY_NS ? BW_ONSET_ABRUPT : BW_ONSET_UNKNOWN;
}

static void write_verdict(struct block *block, enum bw_verdict verdict, struct bw_mono since)
{
	block->verdict = verdict;
	block->since = since;
	set_condition(block, BW_SUSPECT, false);
}

/* A confirmed transition between up and dark. Returns the verdict that follows. */
static enum bw_verdict punish(struct block *block, const struct infer_params *params,
			      struct bw_mono now)
{
	int64_t elapsed = (int64_t)(seconds_of(now) - block->penalty_s) * BW_S;
	float penalty = flap_decay(block_penalty(block), elapsed, params->flap_half_life_ns) + 1;

	block_set_penalty(block, fminf(penalty, PENALTY_MAX * params->flap_enter));
	block->penalty_s = seconds_of(now);
	return block->verdict == BW_FLAPPING || penalty >= params->flap_enter ? BW_FLAPPING
									      : BW_UNKNOWN;
}

bool block_decide(struct block *block, const struct block_decision *decision,
		  const struct infer_params *params, struct bw_mono now,
		  struct block_change *ret_change)
{
	enum bw_verdict from = (enum bw_verdict)block->verdict, to = decision->to;
	bool was_down = block_is_down(block);

	block->reasons = to == BW_UNKNOWN ? (uint16_t)decision->reasons : 0;
	if (from == to ||
	    (from == BW_FLAPPING && to != BW_UNKNOWN && (to == BW_DARK) == was_down)) {
		set_condition(block, BW_SUSPECT, false);
		return false;
	}
	*ret_change = (struct block_change){
		.from = from,
		.earliest = decision->earliest,
		.latest = decision->latest,
		.decided = now,
		.confidence = to == BW_DARK ? 1 - belief_probability(block->log_odds)
					    : belief_probability(block->log_odds),
		.onset = to == BW_DARK ? onset_of(block, now) : BW_ONSET_UNKNOWN,
	};
	if (from != BW_UNKNOWN && to != BW_UNKNOWN) {
		block->down = to == BW_DARK;
		if (punish(block, params, now) == BW_FLAPPING)
			to = BW_FLAPPING;
		block->unstable_s = seconds_of(now);
	}
	write_verdict(block, to, decision->latest);
	ret_change->to = to;
	return from != to;
}

bool block_settle(struct block *block, const struct infer_params *params, int64_t silent_ns,
		  struct bw_mono now, struct block_change *ret_change)
{
	int64_t elapsed = (int64_t)(seconds_of(now) - block->penalty_s) * BW_S;
	int64_t down_ns = bw_mono_since(now, block->since);
	/* So much was known when it went down, and it has not answered since. */
	float dark = fminf(block->log_odds, -params->dark_nats);
	bool calm = flap_decay(block_penalty(block), elapsed, params->flap_half_life_ns) <
		    params->flap_leave;

	if (block->verdict != BW_FLAPPING || (block->down ? down_ns <= silent_ns : !calm))
		return false;
	*ret_change = (struct block_change){
		.from = BW_FLAPPING,
		.to = block->down ? BW_DARK : BW_UP,
		.earliest = block->down ? block->last_answer : block->since,
		.latest = block->since,
		.decided = now,
		.confidence = block->down ? 1 - belief_probability(dark)
					  : belief_probability(block->log_odds),
		.onset = block->down ? BW_ONSET_UNSTABLE : BW_ONSET_UNKNOWN,
	};
	block_set_penalty(block, fminf(block_penalty(block), params->flap_leave));
	write_verdict(block, ret_change->to, block->since);
	return true;
}

void block_clear_suspicion(struct block *block, const struct infer_params *params)
{
	if (!(block->conditions & BW_SUSPECT) || block_is_down(block))
		return;
	block->log_odds = params->start_nats;
	set_condition(block, BW_SUSPECT, false);
}

void block_withdraw(struct block *block, const struct outcome *reply)
{
	bool answered = block->last_answer.ns != BLOCK_NEVER_ANSWERED.ns;

	write_verdict(block, BW_UP, answered ? block->last_answer : reply->sent);
	if (block->last_answer.ns < reply->sent.ns)
		block->last_answer = reply->sent;
	block_set_penalty(block, fmaxf(0, block_penalty(block) - 1));
	block->log_odds =
		belief_of_reply(hotlist_availability(&block->hot, block->hosts, reply->probe.host));
}
