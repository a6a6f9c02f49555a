/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_BRAKE_H
#define PROBE_SWEEP_BRAKE_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * How fast a sweep may ask so that the machine can take in what comes back.
 * Looked at every millisecond: how full the capture ring is, and whether its
 * reader still reads. Half full, or unread for a third of a second: nothing more
 * is sent until it is a quarter full; the other half is for answers that are under
 * way. When something was lost all the same, the rate falls to 70 % of what it was and
 * comes back by a tenth each second.
 */
#define SWEEP_BRAKE_INTERVAL_NS BW_MS

/* The capture as the sender sees it. */
struct sweep_ring {
	uint64_t room;     /* frames that it holds, at least */
	uint64_t waiting;  /* frames that wait to be read */
	uint64_t lost;     /* frames that were dropped, since the start */
	int64_t unread_ns; /* since the reader last looked */
};

struct sweep_brake {
	double wanted_pps, allowed_pps; /* wanted: of the user, perhaps infinite */
	bool held;
	uint64_t lost;
	uint64_t sent_before, holds;
	struct bw_mono measured, eased;
	double measured_pps;
};

struct sweep_brake sweep_brake_of(double wanted_pps, struct bw_mono now);

/*
 * Takes a look; SENT counts probes since the start. Returns how many frames were
 * lost since the last look.
 */
uint64_t sweep_brake_look(struct sweep_brake *brake, const struct sweep_ring *ring, uint64_t sent,
			  struct bw_mono now);

#endif
