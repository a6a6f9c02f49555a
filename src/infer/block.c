/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/block.h"

#include <math.h>

#include "infer/evidence/belief.h"
#include "infer/evidence/rest.h"

#define PENALTY_STEPS 128.0F
#define UNSTABLE_STEP_S 128
#define NIGHT_NS (12 * 3600 * BW_S) /* hosts are at rest for no longer than this */

uint32_t block_seconds(struct bw_mono t)
{
	return (uint32_t)(t.ns / BW_S) + 1;
}

void block_init(struct block *block, uint16_t hosts, bool known, struct bw_mono now)
{
	*block = (struct block){
		.since = now,
		.last_answer = BLOCK_NEVER_ANSWERED,
		.rest = rest_pack(REST_START) & REST_BITS,
		.hosts = hosts,
		.known = known,
		.verdict = BW_UNKNOWN,
		.conditions = hosts == 1 && known ? BW_LONE : 0,
	};
}

uint32_t block_unstable_s(const struct block *block)
{
	return block->unstable * UNSTABLE_STEP_S;
}

void block_set_unstable_s(struct block *block, uint32_t seconds)
{
	uint32_t steps = seconds / UNSTABLE_STEP_S;

	block->unstable = (steps == 0 && seconds > 0 ? 1 : steps) & 0x1fffff;
}

bool block_is_down(const struct block *block)
{
	return block->verdict == BW_DARK || (block->verdict == BW_FLAPPING && block->down);
}

bool block_is_doubted(const struct block *block)
{
	return block->verdict == BW_UNKNOWN && (block->conditions & BW_SUSPECT);
}

void block_set_condition(struct block *block, unsigned condition, bool on)
{
	block->conditions =
		(uint16_t)((on ? block->conditions | condition : block->conditions & ~condition) &
			   0xfff);
}

float block_penalty(const struct block *block)
{
	return block->penalty / PENALTY_STEPS;
}

void block_set_penalty(struct block *block, float penalty)
{
	block->penalty = (uint16_t)(fminf(penalty * PENALTY_STEPS, UINT16_MAX) + 0.5F);
}

float block_belief(const struct block *block, const struct evidence_log *log)
{
	float belief = evidence_belief(log, false);

	if (block_is_down(block))
		return fminf(belief, log->shared);
	if (evidence_count(log, EVIDENCE_REPLY) == 0)
		return belief;
	return fmaxf(belief, BELIEF_PROVEN);
}

void block_prove(struct block *block)
{
	block->log_odds = fmaxf(block->log_odds, BELIEF_PROVEN);
}

float block_rest(const struct block *block, int64_t elapsed_ns, struct bw_mono now)
{
	if (block_is_down(block) || block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns ||
	    bw_mono_since(now, block->last_answer) > NIGHT_NS)
		return REST_NEVER;
	return rest_drift(rest_unpack(block->rest),
			  rest_awake_ns(rest_is_evening(block->evening, now),
					hotlist_cold_rate(&block->hot)),
			  elapsed_ns);
}

void block_begin(const struct block *block, struct evidence_log *log,
		 const struct infer_params *params, int64_t elapsed_ns, struct bw_mono now)
{
	float prior = block->log_odds;

	/* A block in question gathers evidence over rounds: nothing is given back meanwhile. */
	if (block->verdict == BW_UNKNOWN && !block_is_doubted(block))
		prior = params->start_nats;
	else if (prior > 0 || block_is_down(block))
		prior = belief_drift(prior,
				     elapsed_ns > params->drift_min_ns ? elapsed_ns
								       : params->drift_min_ns,
				     params->mean_up_ns, params->mean_dark_ns);
	evidence_begin(log, prior, params->confirm_ns);
	log->resumed = !block_is_down(block) && (block->conditions & BW_SUSPECT);
	log->asked = now;
}
