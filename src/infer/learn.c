/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a block learns from outcomes and rounds: evidence, filters, hot list and
 * belief.
 */
#include "infer/learn.h"

#include <math.h>

#include <blockwatch/err.h>

#include "infer/evidence/rest.h"
#include "probe/alias.h"
#include "wire/method/method_ops.h"

#define ICMP_UNANSWERED_MIN 2

bool learn_shows_filter(const struct outcome *outcome)
{
	return outcome->kind == OUTCOME_ERROR && outcome->reply == REPLY_PROHIBITED &&
	       alias_is_nearby(&outcome->probe.dst, &outcome->from);
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
		/* An answer as an error is that of another address of the block. */
		return learn_shows_filter(outcome) || outcome->reply == REPLY_OTHER_ERROR ||
				       reply_kind_is_direct(outcome->reply)
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

/* A service answers, and not one of several echo requests was answered. */
static bool shows_icmp_filter(const struct evidence_log *log, const struct outcome *outcome)
{
	unsigned unanswered = 0;

	if (outcome->kind != OUTCOME_REPLY || method_is_echo(outcome->probe.method.protocol))
		return false;
	for (unsigned i = 0; i < log->count; i++) {
		const struct evidence *e = &log->list[i];

		if (method_is_echo(e->protocol) && e->state == EVIDENCE_REPLY)
			return false;
		unanswered += method_is_echo(e->protocol) && went_unanswered(e, outcome);
	}
	return unanswered >= ICMP_UNANSWERED_MIN;
}

bool learn_outcome(struct block *block, struct evidence_log *log, unsigned index,
		   const struct outcome *outcome)
{
	enum evidence_state state = state_of(outcome);

	if (index >= log->count || log->list[index].host != outcome->probe.host)
		return false;
	if (shows_icmp_filter(log, outcome))
		block_set_condition(block, BW_ICMP_FILTERED, true);
	if (state == EVIDENCE_REPLY && method_is_echo(outcome->probe.method.protocol))
		block_set_condition(block, BW_ICMP_FILTERED, false);
	if (learn_shows_filter(outcome))
		block_set_condition(block, BW_FILTERED, true);
	if (state == EVIDENCE_VOID)
		block->reasons |= (uint16_t)reason_of_status(outcome->status);
	if (state == EVIDENCE_REPLY) {
		block->known = true;
		block_set_condition(block, BW_FILTERED, false);
		if (block->last_answer.ns < outcome->sent.ns)
			block->last_answer = outcome->sent;
	}
	evidence_settle(log, index, state);
	block->log_odds = block_belief(block, log);
	return true;
}

/* What is dark did not go to rest: its silence says nothing about that. */
static void learn_rest(struct block *block, const struct evidence_log *log, bool up,
		       struct bw_mono now)
{
	float rest = block_is_down(block) ? log->rest : evidence_rest(log);

	if (up && rest >= REST_SURE && !rest_is_evening(block->evening, now))
		block->evening = rest_hour(now) & 0xf;
	block->rest = rest_pack(rest) & REST_BITS;
}

void learn_round(struct block *block, const struct evidence_log *log, struct bw_mono now)
{
	bool up = evidence_count(log, EVIDENCE_REPLY) > 0;

	block->log_odds = block_belief(block, log);
	if (log->rest != REST_NEVER)
		learn_rest(block, log, up, now);
	for (unsigned i = 0; i < log->count; i++) {
		const struct evidence *e = &log->list[i];
		bool answered = e->state == EVIDENCE_REPLY;

		if (up && e->state == EVIDENCE_SILENT && e->attempt == 1 &&
		    hotlist_has(&block->hot, e->host))
			hotlist_learn_retry(&block->hot);
		/* The second silence of a host in one round says nothing new of it. */
		if (!answered && (e->state != EVIDENCE_SILENT || e->attempt > 0))
			continue;
		if (!hotlist_has(&block->hot, e->host))
			block->cold_from = (uint16_t)((e->host + 1) % block->hosts);
		if (up)
			hotlist_learn(&block->hot, e->host, e->method, answered);
	}
	if (!up && log->count > 0 && block_is_down(block))
		hotlist_rotate(&block->hot);
}
