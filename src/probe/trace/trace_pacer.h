/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_PACER_H
#define PROBE_TRACE_PACER_H

#include "probe/pacer.h"

/* The pacer of traces, whose probes may also have to keep to the rate that others share. */
struct trace_pacer {
	struct pacer own;
	struct pacer *shared; /* borrowed; NULL: there is none */
};

struct trace_pacer trace_pacer_of(double rate_pps, struct pacer *shared, struct bw_mono now);

/* As the functions of probe/pacer.h. */
uint32_t trace_pacer_take(struct trace_pacer *pacer, struct bw_mono now, uint32_t want);
void trace_pacer_give_back(struct trace_pacer *pacer, uint32_t count);
struct bw_mono trace_pacer_next(const struct trace_pacer *pacer);

#endif
