/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_rate.h"

#include <math.h>

#define MEASURE_NS (100 * BW_MS)
#define EASE_NS BW_S
#define UNREAD_NS (333 * BW_MS)
#define CUT 0.7
#define EASE 1.1
#define SLOWEST_PPS 100.0

struct sweep_rate sweep_rate_of(double wanted_pps, struct bw_mono now)
{
	return (struct sweep_rate){
		.wanted_pps = wanted_pps,
		.allowed_pps = wanted_pps,
		.measured = now,
		.eased = now,
	};
}

static void measure(struct sweep_rate *rate, uint64_t sent, struct bw_mono now)
{
	int64_t span = bw_mono_since(now, rate->measured);

	if (span < MEASURE_NS)
		return;
	rate->measured_pps = (double)(sent - rate->sent_before) * (double)BW_S / (double)span;
	rate->sent_before = sent;
	rate->measured = now;
}

/* One burst of losses is one cut: they are seen for some looks in a row. */
static void cut(struct sweep_rate *rate, struct bw_mono now)
{
	double from = fmin(rate->allowed_pps, rate->measured_pps);

	if (rate->allowed_pps < rate->wanted_pps && bw_mono_since(now, rate->eased) < MEASURE_NS)
		return;
	rate->allowed_pps = fmin(rate->wanted_pps, fmax(SLOWEST_PPS, from * CUT));
	rate->eased = now;
}

static void ease(struct sweep_rate *rate, struct bw_mono now)
{
	if (rate->allowed_pps >= rate->wanted_pps || bw_mono_since(now, rate->eased) < EASE_NS)
		return;
	rate->allowed_pps = fmin(rate->wanted_pps, rate->allowed_pps * EASE);
	rate->eased = now;
}

uint64_t sweep_rate_observe(struct sweep_rate *rate, const struct packet_ring *ring, uint64_t sent,
			    struct bw_mono now)
{
	uint64_t lost = ring->lost - rate->lost;
	bool unread = ring->waiting > 0 && ring->unread_ns > UNREAD_NS;

	measure(rate, sent, now);
	rate->lost = ring->lost;
	if (lost > 0)
		cut(rate, now);
	else
		ease(rate, now);
	if (!rate->held && (ring->waiting > ring->room / 2 || unread)) {
		rate->held = true;
		rate->holds++;
	} else if (rate->held && ring->waiting <= ring->room / 4 && !unread) {
		rate->held = false;
	}
	return lost;
}
