/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/pacer.h"

#include <math.h>

#define DEPTH_NS (8 * BW_MS)
#define QUANTUM_NS (250 * BW_US)

struct pacer pacer_of(double rate_pps, struct bw_mono now)
{
	double per_ns = rate_pps / (double)BW_S;

	return (struct pacer){
		.tokens = 1,
		.depth = fmax(1, per_ns * (double)DEPTH_NS),
		.per_ns = per_ns,
		.filled = now,
	};
}

uint32_t pacer_take(struct pacer *pacer, struct bw_mono now, uint32_t want)
{
	int64_t elapsed = bw_mono_since(now, pacer->filled);
	uint32_t allowed;

	if (elapsed > 0) {
		pacer->tokens = fmin(pacer->depth,
				     pacer->tokens + (double)elapsed * pacer->per_ns);
		pacer->filled = now;
	}
	allowed = pacer->tokens < (double)want ? (uint32_t)pacer->tokens : want;
	pacer->tokens -= allowed;
	return allowed;
}

void pacer_give_back(struct pacer *pacer, uint32_t count)
{
	pacer->tokens = fmin(pacer->depth, pacer->tokens + count);
}

struct bw_mono pacer_next(const struct pacer *pacer)
{
	double wait_ns = (1 - pacer->tokens) / pacer->per_ns;

	if (pacer->tokens >= 1)
		return pacer->filled;
	return bw_mono_add(pacer->filled, (int64_t)ceil(fmax(wait_ns, (double)QUANTUM_NS)));
}
