/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep_brake.h"

#include <math.h>

#define MEASURE_NS (100 * BW_MS)
#define EASE_NS BW_S
#define UNREAD_NS (333 * BW_MS)
#define CUT 0.7
#define EASE 1.1
#define SLOWEST_PPS 100.0

struct sweep_brake sweep_brake_of(double wanted_pps, struct bw_mono now)
{
	return (struct sweep_brake){
		.wanted_pps = wanted_pps,
		.allowed_pps = wanted_pps,
		.measured = now,
		.eased = now,
	};
}

static void measure(struct sweep_brake *brake, uint64_t sent, struct bw_mono now)
{
	int64_t span = bw_mono_since(now, brake->measured);

	if (span < MEASURE_NS)
		return;
	brake->measured_pps = (double)(sent - brake->sent_before) * (double)BW_S / (double)span;
	brake->sent_before = sent;
	brake->measured = now;
}

/* One burst of losses is one cut: they are seen for some looks in a row. */
static void cut(struct sweep_brake *brake, struct bw_mono now)
{
	double from = fmin(brake->allowed_pps, brake->measured_pps);

	if (brake->allowed_pps < brake->wanted_pps && bw_mono_since(now, brake->eased) < MEASURE_NS)
		return;
	brake->allowed_pps = fmin(brake->wanted_pps, fmax(SLOWEST_PPS, from * CUT));
	brake->eased = now;
}

static void ease(struct sweep_brake *brake, struct bw_mono now)
{
	if (brake->allowed_pps >= brake->wanted_pps || bw_mono_since(now, brake->eased) < EASE_NS)
		return;
	brake->allowed_pps = fmin(brake->wanted_pps, brake->allowed_pps * EASE);
	brake->eased = now;
}

uint64_t sweep_brake_look(struct sweep_brake *brake, const struct sweep_ring *ring, uint64_t sent,
			  struct bw_mono now)
{
	uint64_t lost = ring->lost - brake->lost;
	bool unread = ring->waiting > 0 && ring->unread_ns > UNREAD_NS;

	measure(brake, sent, now);
	brake->lost = ring->lost;
	if (lost > 0)
		cut(brake, now);
	else
		ease(brake, now);
	if (!brake->held && (ring->waiting > ring->room / 2 || unread)) {
		brake->held = true;
		brake->holds++;
	} else if (brake->held && ring->waiting <= ring->room / 4 && !unread) {
		brake->held = false;
	}
	return lost;
}
