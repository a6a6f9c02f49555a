/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/vouch.h"

#include "vantage/ledger/fitness/unrelated.h"

#define AWAIT_LIFE_NS (6 * BW_S) /* beside the timeout, for a sign of life of the line */
#define HOP_LIFE_NS (15 * BW_S)  /* a next hop that answers has done so since */

unsigned vouch_reasons(const struct watch *w, uint32_t block, const struct evidence_log *x)
{
	const struct evidence *last = evidence_last(x, EVIDENCE_SILENT);
	unsigned way = ledger_way_of(w->ledger, block), reasons;

	if (!last)
		return 0;
	reasons = unrelated_judge(w->ledger, block, last->sent);
	if (!reasons && sentinels_miss_next_hop(&w->sentinels, way, x->opened, last->sent))
		return BW_WHY_NEXT_HOP;
	return reasons;
}

bool vouch_is_awaited(const struct watch *w, const struct evidence_log *x)
{
	const struct evidence *last = evidence_last(x, EVIDENCE_SILENT);

	return bw_mono_since(w->ledger->now.mono, last->sent) <
	       AWAIT_LIFE_NS + w->ledger->config.params.timeout_ns;
}

bool vouch_misses_next_hop(const struct watch *w, uint32_t block)
{
	struct bw_mono lately = {w->ledger->now.mono.ns - HOP_LIFE_NS};

	return sentinels_miss_next_hop(&w->sentinels, ledger_way_of(w->ledger, block), lately,
				       lately);
}
