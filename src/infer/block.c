/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of a block and the only ways in which it moves.
 *
 * An outcome changes a piece of evidence (block_take); the wish that follows
 * from all evidence is computed afresh each time (block_next); a verdict is
 * written in one place (block_decide), by whoever has asked the guard whether
 * the vantage itself can be trusted. A reply is proof that the block is up,
 * whatever was thought before; silence is an argument that must be complete.
 *
 * A block of which nothing is known beforehand cannot be called dark: its
 * silence is what an empty block sounds like. It ends as unknown, never-seen.
 *
 * Called by the vantage, which owns blocks and excursions.
 */
#include "infer/block.h"

#include "infer/belief.h"

#define ICMP_UNANSWERED_MIN 2

void block_init(struct block *block, uint16_t hosts, bool known, struct bw_mono now)
{
	*block = (struct block){
		.since = now,
		.last_answer = BLOCK_NEVER_ANSWERED,
		.hosts = hosts,
		.known = known,
		.verdict = BW_UNKNOWN,
	};
}

/* The candidate to ask next: all in turn, so that addresses repeat last. */
static uint16_t next_host(const struct block *block, const struct excursion *x)
{
	return (uint16_t)(x->count % block->hosts);
}

static unsigned reasons_of_silence(const struct block *block, const struct excursion *x)
{
	if (x->count > 0 && excursion_count(x, EVIDENCE_VOID) == x->count)
		return block->reasons ? block->reasons : BW_WHY_SEND_FAILED;
	if (excursion_count(x, EVIDENCE_NEUTRAL) > 0)
		return BW_WHY_FILTERED;
	return block->known ? BW_WHY_FEW_EVIDENCE : BW_WHY_NEVER_SEEN;
}

struct block_wish block_next(const struct block *block, const struct excursion *x,
			     const struct infer_params *params, struct bw_mono now)
{
	struct block_wish wish = {.step = STEP_WAIT};

	wish.at = excursion_next(x, params, block->hosts);
	if (!bw_mono_before(now, wish.at)) {
		wish.step = STEP_ASK;
		wish.host = next_host(block, x);
		return wish;
	}
	if (wish.at.ns != BW_NEVER.ns || excursion_is_open(x) || block->verdict == BW_UP)
		return wish;
	if (block->known && excursion_is_dark(x, params, block->hosts)) {
		wish.step = STEP_DARK;
		return wish;
	}
	wish.step = STEP_STUCK;
	wish.reasons = reasons_of_silence(block, x);
	return wish;
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
static bool shows_icmp_filter(const struct excursion *x, const struct outcome *outcome)
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

bool block_take(struct block *block, struct excursion *x, unsigned index,
		const struct outcome *outcome)
{
	enum evidence_state state = state_of(outcome);

	if (index >= x->count || x->list[index].host != outcome->probe.host)
		return false;
	if (shows_icmp_filter(x, outcome))
		block->conditions |= BW_ICMP_FILTERED;
	if (state == EVIDENCE_NEUTRAL && outcome->reply == REPLY_PROHIBITED)
		block->conditions |= BW_FILTERED;
	if (state == EVIDENCE_VOID)
		block->reasons |= (uint16_t)reason_of_status(outcome->status);
	if (state == EVIDENCE_REPLY && block->last_answer.ns < outcome->sent.ns)
		block->last_answer = outcome->sent;
	excursion_settle(x, index, state);
	block->log_odds = excursion_belief(x, false);
	return true;
}

bool block_decide(struct block *block, const struct excursion *x, enum bw_verdict verdict,
		  unsigned reasons, struct bw_mono now, struct block_change *ret_change)
{
	enum bw_verdict from = (enum bw_verdict)block->verdict;

	block->reasons = verdict == BW_UNKNOWN ? (uint16_t)reasons : 0;
	if (block->hosts == 1 && block->known)
		block->conditions |= BW_LONE;
	if (verdict == from)
		return false;
	block->verdict = (uint8_t)verdict;
	block->since = verdict == BW_UNKNOWN	? now
		       : verdict == BW_UP	? block->last_answer
						: x->opened;
	*ret_change = (struct block_change){
		.from = from,
		.to = verdict,
		.earliest = block->last_answer,
		.latest = block->since,
		.decided = now,
	};
	return true;
}
