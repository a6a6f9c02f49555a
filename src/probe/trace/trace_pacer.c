/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_pacer.h"

#include <stddef.h>

struct trace_pacer trace_pacer_of(double rate_pps, struct pacer *shared, struct bw_mono now)
{
	return (struct trace_pacer){pacer_of(rate_pps, now), shared};
}

uint32_t trace_pacer_take(struct trace_pacer *pacer, struct bw_mono now, uint32_t want)
{
	uint32_t own = pacer_take(&pacer->own, now, want), both = own;

	if (own > 0 && pacer->shared)
		both = pacer_take(pacer->shared, now, own);
	pacer_give_back(&pacer->own, own - both);
	return both;
}

void trace_pacer_give_back(struct trace_pacer *pacer, uint32_t count)
{
	pacer_give_back(&pacer->own, count);
	if (pacer->shared)
		pacer_give_back(pacer->shared, count);
}

struct bw_mono trace_pacer_next(const struct trace_pacer *pacer)
{
	struct bw_mono next = pacer_next(&pacer->own);

	return pacer->shared ? bw_mono_max(next, pacer_next(pacer->shared)) : next;
}
