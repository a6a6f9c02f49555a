/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict of a block and how it changes. A change of verdict comes from verdict_decide() or
 * verdict_settle(); verdict_withdraw() undoes one. The caller has asked before whether the
 * vantage itself can be trusted (health.h).
 *
 * Flapping is a verdict over phases. The transitions of a flapping block between up and down add
 * to its penalty and are no changes of verdict.
 */
#include "infer/verdict.h"

#include <math.h>

#include "infer/evidence/belief.h"
#include "infer/flap.h"

#define STEADY_NS (600 * BW_S) /* up for at least this long: what follows is abrupt */
#define SURE 0.9               /* of up: less is not said */

/* Conditions that only answers can show. */
#define ANSWERS_NEEDED (BW_DEGRADED | BW_ICMP_FILTERED)

static enum bw_onset onset_of(const struct block *block, struct bw_mono now)
{
	uint32_t at_s = block_unstable_s(block);
	int64_t unstable = ((int64_t)block_seconds(now) - at_s) * BW_S;

	if (at_s != 0 && unstable < VERDICT_UNSTABLE_NS)
		return BW_ONSET_UNSTABLE;
	return block_is_doubted(block) || bw_mono_since(now, block->since) >= STEADY_NS
		       ? BW_ONSET_ABRUPT
		       : BW_ONSET_UNKNOWN;
}

static void write_verdict(struct block *block, enum bw_verdict verdict, struct bw_mono since)
{
	block->verdict = verdict;
	block->since = since;
	block_set_condition(block, BW_SUSPECT, false);
	if (verdict == BW_DARK)
		block_set_condition(block, ANSWERS_NEEDED, false);
}

static int64_t since_penalty(const struct block *block, struct bw_mono now)
{
	return (int64_t)(block_seconds(now) - block->penalty_s) * BW_S;
}

/* A confirmed transition between up and dark. Returns whether the block is flapping now. */
static bool penalise(struct block *block, const struct infer_params *params, struct bw_mono now)
{
	float penalty = flap_add(block_penalty(block), since_penalty(block, now), params);

	block_set_penalty(block, penalty);
	block->penalty_s = block_seconds(now);
	return block->verdict == BW_FLAPPING || flap_enters(penalty, params);
}

bool verdict_decide(struct block *block, const struct verdict_decision *decision,
		    const struct infer_params *params, struct bw_mono now,
		    struct verdict_change *ret_change)
{
	enum bw_verdict to = decision->to;
	enum bw_verdict from = block_is_doubted(block) ? BW_UP : (enum bw_verdict)block->verdict;
	bool was_down = block_is_down(block);

	block->reasons = to == BW_UNKNOWN ? (uint16_t)decision->reasons : 0;
	if (block->verdict == to ||
	    (from == BW_FLAPPING && to != BW_UNKNOWN && (to == BW_DARK) == was_down)) {
		if (to != BW_UNKNOWN)
			block_set_condition(block, BW_SUSPECT, false);
		return false;
	}
	*ret_change = (struct verdict_change){
		.from = from,
		.earliest = decision->earliest,
		.latest = decision->latest,
		.decided = now,
		.confidence = to == BW_DARK ? 1 - belief_probability(block->log_odds)
					    : belief_probability(block->log_odds),
		.onset = to == BW_DARK ? onset_of(block, now) : BW_ONSET_UNKNOWN,
	};
	if (from != to && from != BW_UNKNOWN && to != BW_UNKNOWN) {
		block->down = to == BW_DARK;
		if (penalise(block, params, now))
			to = BW_FLAPPING;
		block_set_unstable_s(block, block_seconds(now));
	}
	write_verdict(block, to, decision->latest);
	if (to == BW_UNKNOWN && decision->doubts)
		block_set_condition(block, BW_SUSPECT, true);
	ret_change->to = to;
	return from != to;
}

double verdict_dark_confidence(const struct block *block, const struct infer_params *params)
{
	return 1 - belief_probability(fminf(block->log_odds, -params->dark_nats));
}

bool verdict_settle(struct block *block, const struct infer_params *params, int64_t dark_after_ns,
		    struct bw_mono now, struct verdict_change *ret_change)
{
	int64_t down_ns = bw_mono_since(now, block->since);
	bool calm = flap_leaves(block_penalty(block), since_penalty(block, now), params) &&
		    belief_probability(block->log_odds) >= SURE;

	if (block->verdict != BW_FLAPPING || (block->down ? down_ns <= dark_after_ns : !calm))
		return false;
	*ret_change = (struct verdict_change){
		.from = BW_FLAPPING,
		.to = block->down ? BW_DARK : BW_UP,
		.earliest = block->down ? block->last_answer : block->since,
		.latest = block->since,
		.decided = now,
		.confidence = block->down ? verdict_dark_confidence(block, params)
					  : belief_probability(block->log_odds),
		.onset = block->down ? BW_ONSET_UNSTABLE : BW_ONSET_UNKNOWN,
	};
	/* What its own phases explain may be one of them: back soon, the block goes on flapping. */
	block_set_penalty(block, fminf(block_penalty(block), block->down && dark_after_ns == 0
								     ? params->flap_enter
								     : params->flap_leave));
	write_verdict(block, ret_change->to, block->since);
	return true;
}

void verdict_clear_suspicion(struct block *block, const struct infer_params *params)
{
	if (!(block->conditions & BW_SUSPECT) || block_is_down(block))
		return;
	block->log_odds = params->start_nats;
	block_set_condition(block, BW_SUSPECT, false);
}

void verdict_withdraw(struct block *block, const struct outcome *reply)
{
	bool answered = block->last_answer.ns != BLOCK_NEVER_ANSWERED.ns;

	write_verdict(block, BW_UP, answered ? block->last_answer : reply->sent);
	if (block->last_answer.ns < reply->sent.ns)
		block->last_answer = reply->sent;
	block_set_penalty(block, fmaxf(0, block_penalty(block) - 1));
	block->log_odds =
		belief_of_reply(hotlist_availability(&block->hot, block->hosts, reply->probe.host));
	block_prove(block);
}
