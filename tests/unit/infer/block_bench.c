/* SPDX-License-Identifier: Apache-2.0 */
#include "block_bench.h"

#include "infer/learn.h"

struct outcome block_bench_outcome_of(const struct evidence_log *log, unsigned index,
				      enum outcome_kind kind)
{
	return (struct outcome){
		.kind = kind,
		.probe = {.host = log->list[index].host, .tag = (uint8_t)index},
		.sent = log->list[index].sent,
		.reply = REPLY_ECHO,
	};
}

bool block_bench_decide(struct block *block, const struct evidence_log *log, enum bw_verdict to,
			int64_t at_ms, struct verdict_change *change)
{
	struct infer_params params = infer_params_default();
	struct verdict_decision decision = {
		.to = to,
		.latest = to == BW_UP ? block->last_answer : log->opened,
	};

	return verdict_decide(block, &decision, &params, ms(at_ms), change);
}

struct step block_bench_play(struct block *block, struct evidence_log *log, struct outcome kind)
{
	struct infer_params params = infer_params_default();
	struct step step = {.kind = STEP_WAIT};

	evidence_begin(log, 0, infer_params_default().confirm_ns);
	log->asked = ms(0);
	for (int64_t t = 0; t < 60000; t += 10) {
		for (unsigned i = 0; i < log->count; i++) {
			struct outcome outcome = block_bench_outcome_of(log, i, kind.kind);

			outcome.reply = kind.reply;
			outcome.status = kind.status;
			outcome.probe.dst = kind.probe.dst;
			outcome.from = kind.from;
			if (log->list[i].state == EVIDENCE_WAITING &&
			    log->list[i].sent.ns + 3 * BW_S <= ms(t).ns)
				learn_outcome(block, log, i, &outcome);
		}
		step = step_next(block, log, &params, ms(t));
		if (step.kind == STEP_DARK || step.kind == STEP_UNDECIDED)
			return step;
		if (step.kind == STEP_ASK) {
			int i = evidence_ask(log,
					     &(struct evidence){
						     .host = step.host,
						     .availability = 0.9F,
						     .protocol = BW_PROTOCOL_ICMP,
					     },
					     ms(t));

			evidence_sent(log, (unsigned)i, ms(t));
		}
	}
	return step;
}
