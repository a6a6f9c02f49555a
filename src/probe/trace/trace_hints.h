/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_HINTS_H
#define PROBE_TRACE_HINTS_H

#include "probe/trace/trace.h"

/* What the last traces tell the next ones. It saves probes and decides nothing. */
struct trace_hints {
	uint8_t silent[2]; /* TTL where the last one with a silent end came to; of backward ones */
	struct {
		uint8_t last,
			guess; /* TTL of the last destination; that of the last two; 0: none */
	} distance[2];         /* by family */
};

struct trace_hints trace_hints_of(void);

/* Learns from a trace that is done. */
void trace_hints_note(struct trace_hints *hints, const struct trace *trace);

/* The TTL from which a trace with a silent end is probed; 0: none is known. */
uint8_t trace_hints_silent(const struct trace_hints *hints, const struct trace *trace);

/* The TTL at which the next destination of a family may be, below MAX_TTL; 0: none is known. */
uint8_t trace_hints_guess(const struct trace_hints *hints, int family, uint8_t max_ttl);

#endif
