/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_RATE_H
#define PROBE_SWEEP_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

#include "probe/packet_source.h"

/*
 * Rate control of a sweep: how fast it may send so that the capture keeps up with the
 * answers. It reads the state of the capture ring each PACKET_OBSERVE_NS.
 *
 * When the ring is half full, or nothing was read from it for a third of a second,
 * sending stops until the ring is a quarter full; the other half has room for answers
 * that are under way. When frames were lost all the same, the rate falls to 70 % of the
 * measured rate and rises again by a tenth each second.
 */
struct sweep_rate {
	double wanted_pps, allowed_pps; /* wanted: by the user, INFINITY possible */
	bool held;
	uint64_t lost;
	uint64_t sent_before, holds;
	struct bw_mono measured, eased;
	double measured_pps;
};

struct sweep_rate sweep_rate_of(double wanted_pps, struct bw_mono now);

/*
 * Takes the state of the ring into account. SENT counts probes since the start. Returns
 * how many frames were lost since the last call.
 */
uint64_t sweep_rate_observe(struct sweep_rate *rate, const struct packet_ring *ring, uint64_t sent,
			    struct bw_mono now);

#endif
