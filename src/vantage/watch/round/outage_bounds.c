/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/round/outage_bounds.h"

#include <math.h>

#include "infer/evidence/belief.h"
#include "infer/evidence/rest.h"
#include "vantage/ledger/block/bounds.h"
#include "vantage/watch/round/request.h"
#include "vantage/watch/schedule/doubt.h"
#include "vantage/watch/schedule/siblings.h"

#define TURN_NS (600 * BW_S)
#define RARE (-5.0F) /* belief in rest below which it does not count: .7 % */

/*
 * Whether the hosts of a block that is down may be at rest by now. Who is off then stays off until
 * the morning, so after a turn of the hot list silence says nothing of when the block came back.
 */
static bool may_rest(const struct watch *w, uint32_t number)
{
	const struct block *block = &w->ledger->blocks[number];
	struct bw_mono now = w->ledger->now.mono;
	bool evening = rest_is_evening(siblings_evening(w->ledger, number), now);
	int64_t silent_ns;

	if (block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns)
		return false; /* not since the start: nothing is known of this night */
	silent_ns = bw_mono_since(now, block->last_answer);
	return block_is_down(block) && silent_ns > TURN_NS &&
	       rest_drift(rest_unpack(block->rest), rest_awake_ns(evening, 0), silent_ns) > RARE;
}

/* How much each silence sent before T weighs, by what is known of its host now. */
static void weigh(const struct watch *w, uint32_t block, const struct evidence_log *x,
		  struct bw_mono t, float nats[EVIDENCE_MAX])
{
	bool may_be_off = may_rest(w, block);
	float delivered = evidence_delivered(x);

	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];

		nats[i] = 0;
		if (!may_be_off && (e->state == EVIDENCE_SILENT || e->state == EVIDENCE_WAITING) &&
		    bw_mono_before(e->sent, t))
			nats[i] = -belief_of_silence(
				request_availability(&w->allowance, block, x, e->host, e->method) *
				delivered);
	}
}

static void bound_up(const struct watch *w, uint32_t block, const struct round *round,
		     struct verdict_decision *decision)
{
	const struct outage_memory *memory = ledger_outage_of(w->ledger, block);
	const struct evidence *reply = evidence_first(&round->x, EVIDENCE_REPLY);
	float nats[EVIDENCE_MAX];

	weigh(w, block, &round->x, reply->sent, nats);
	decision->earliest =
		bounds_dark_until(&round->x, nats, &memory->silence, memory->outage.latest);
	decision->latest = bw_mono_add(reply->sent, tally_longest_rtt(&round->tally));
}

/*
 * Whether the block is silent since its first silences. While its hosts are at rest or most packets
 * are lost, the silence of its siblings says that it is dark, and its own may have begun later.
 */
static bool rests_on_own_silence(const struct evidence_log *x)
{
	return isinf(x->shared) ||
	       (evidence_rest(x) < 0 && !current_loss_is_bad(evidence_delivered(x)));
}

void outage_bounds_of(const struct watch *w, uint32_t block, const struct round *round,
		      struct verdict_decision *decision)
{
	const struct ledger *l = w->ledger;

	if (decision->to == BW_UP && evidence_count(&round->x, EVIDENCE_REPLY) > 0) {
		bound_up(w, block, round, decision);
		return;
	}
	decision->earliest = l->blocks[block].last_answer;
	decision->latest = l->now.mono;
	if (decision->to == BW_DARK && block_is_doubted(&l->blocks[block]) &&
	    siblings_contradict(l, block))
		decision->latest = doubt_began_by(l, block);
	else if (decision->to == BW_DARK && rests_on_own_silence(&round->x))
		decision->latest =
			bounds_began_by(&round->x, decision->earliest,
					doubt_stands_alone(l, block, &round->x),
					(int64_t)l->tracks[block].srtt_us * BW_US, l->now.mono);
}

void outage_bounds_keep(struct watch *w, uint32_t block, const struct evidence_log *x)
{
	struct ledger *l = w->ledger;
	float nats[EVIDENCE_MAX];

	if (!block_is_down(&l->blocks[block]) || siblings_are_needed(l, block))
		return;
	weigh(w, block, x, l->now.mono, nats);
	bounds_add_silences(x, nats, l->now.mono, &ledger_outage_for(l, block)->silence);
}
