/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PACER_H
#define PROBE_PACER_H

#include <stdint.h>

#include <blockwatch/time.h>

/*
 * The global token bucket. Its depth is what the rate gives in 8 ms (at least
 * one packet), so that a loop that wakes late catches up and still no window
 * of 10 ms holds twice its share.
 */
struct pacer {
	double tokens, depth;
	double per_ns;
	struct bw_mono filled;
};

struct pacer pacer_of(double rate_pps, struct bw_mono now);

/* How many of WANT packets may go now; they are taken out of the bucket. */
uint32_t pacer_take(struct pacer *pacer, struct bw_mono now, uint32_t want);

/* Puts back what was taken and not sent. */
void pacer_give_back(struct pacer *pacer, uint32_t count);

/*
 * When to ask again: not before the next packet may go, and not sooner than in 0.25 ms.
 * At high rates several packets then share a turn, a wake-up and a system call.
 */
struct bw_mono pacer_next(const struct pacer *pacer);

#endif
