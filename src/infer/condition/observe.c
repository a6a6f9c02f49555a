/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the conditions learn from outcomes and rounds. Each condition is entered at one
 * threshold and left at a lower one. Called at the end of each round, before hot list and
 * belief learn from it.
 */
#include "infer/condition/observe.h"

#include <math.h>

#include "infer/condition/border.h"
#include "infer/condition/proxy.h"
#include "infer/condition/rate_limit.h"
#include "infer/evidence/belief.h"

void observe_reply(struct condition *cond, uint16_t host, uint8_t ttl, int64_t rtt_ns,
		   int64_t usual_ns)
{
	cond->errors = 0;
	proxy_reply(cond, host, ttl, rtt_ns, usual_ns);
}

void observe_restore(struct condition *cond, struct condition_evidence *ce, unsigned conditions)
{
	conditions &= CONDITION_CONDITIONS & ~(unsigned)BW_PARTIAL;
	if (conditions & BW_BORDER_ONLY)
		border_restore(cond);
	if (conditions & BW_PROXY)
		proxy_restore(cond);
	if (conditions & BW_RATE_LIMITED)
		rate_limit_restore(ce);
	cond->conditions = conditions & 0xfff;
}

static uint32_t seconds_of(struct bw_mono t)
{
	return t.ns > BW_S ? (uint32_t)(t.ns / BW_S) : 1;
}

static void judge_parts(struct condition *cond, struct condition_evidence *ce,
			const struct block *block, unsigned heard)
{
	parts_judge(&ce->parts, heard, hotlist_cold_rate(&block->hot));
	condition_set(cond, BW_PARTIAL,
		      parts_are_partial(&ce->parts) && !condition_has(cond, BW_BORDER_ONLY));
	cond->inhabited = ce->parts.inhabited;
}

void observe_round(struct condition *cond, struct condition_evidence *ce, const struct block *block,
		   const struct evidence_log *log, const struct observe_probes *probes)
{
	bool up = evidence_count(log, EVIDENCE_REPLY) > 0, news = false;
	unsigned heard = 0, missed = 0;
	float rate_nats = 0, delivered = fminf(evidence_delivered(log), probes->answered);

	for (unsigned i = 0; i < log->count; i++) {
		const struct evidence *e = &log->list[i];
		bool sure = hotlist_expects(&block->hot, e->host, e->method),
		     answered = e->state == EVIDENCE_REPLY;

		if (!answered && !condition_is_telling(e))
			continue;
		if (up && sure)
			rate_nats += rate_limit_nats(cond, e, probes->extra >> i & 1);
		if (answered) {
			news = news || e->host != cond->last_host;
			heard |= 1U << e->part;
			parts_hear(&ce->parts, e->part, !sure);
			border_answer(cond, ce, block, log, i, delivered);
			cond->heard_s = seconds_of(e->sent);
			continue;
		}
		if (up) {
			missed |= 1U << e->part;
			parts_miss(&ce->parts, e->part, e->host,
				   sure ? -belief_of_silence(e->availability * delivered) : 0);
		}
		border_miss(cond, ce, e, delivered, sure);
		proxy_silence(cond);
	}
	if (up)
		parts_age(&ce->parts, missed);
	border_judge(cond, ce);
	judge_parts(cond, ce, block, news ? heard : 0);
	proxy_judge(cond, block, probes->listed);
	rate_limit_judge(cond, ce, rate_nats);
}

void observe_neutralise(const struct condition *cond, const struct observe_probes *probes,
			struct evidence_log *log)
{
	struct bw_mono answered = {INT64_MIN / 2};

	for (unsigned i = 0; i < log->count; i++) {
		struct evidence *e = &log->list[i];

		if (e->state == EVIDENCE_REPLY)
			answered = e->sent;
		else if (e->state == EVIDENCE_SILENT &&
			 (probes->extra >> i & 1 ||
			  (condition_has(cond, BW_RATE_LIMITED) &&
			   bw_mono_since(e->sent, answered) < RATE_LIMIT_SPACED_NS)))
			e->state = EVIDENCE_NEUTRAL;
	}
}
