/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PACER_H
#define PROBE_PACER_H

#include <stdint.h>

#include <blockwatch/time.h>

/*
 * The global token bucket. Its depth is the number of packets in 8 ms at the given rate,
 * at least one. A loop that wakes late catches up, and no window of 10 ms has more than
 * twice its share.
 */
struct pacer {
	double tokens, depth;
	double per_ns;
	struct bw_mono filled;
};

struct pacer pacer_of(double rate_pps, struct bw_mono now);

/* Returns how many of WANT packets may be sent now, and takes them out of the bucket. */
uint32_t pacer_take(struct pacer *pacer, struct bw_mono now, uint32_t want);

/* Returns packets to the bucket that were taken and not sent. */
void pacer_give_back(struct pacer *pacer, uint32_t count);

/*
 * When to call pacer_take() again: not before the next packet may be sent, and not sooner
 * than 0.25 ms after the last call. At high rates several packets then share a wake-up and
 * a system call.
 */
struct bw_mono pacer_next(const struct pacer *pacer);

#endif
