/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/capture_drops.h"

void capture_drops_observe(struct watch *w)
{
	struct ways *ways = &w->ledger->ways;
	struct bw_transport_stats stats;
	struct health_packets counted;

	w->config.transport->ops->stats(w->config.transport->self, &stats);
	counted = (struct health_packets){stats.received, stats.capture_dropped};
	for (unsigned n = 0; ways_is_real(n); n++)
		if (ways->blocks[n] > 0)
			health_drops(&ways->of[n].health, counted, w->ledger->now.mono);
}
