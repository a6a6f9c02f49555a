/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TRACE_TEXT_H
#define REPORT_TRACE_TEXT_H

#include <stdio.h>

#include "report/record/record.h"
#include "report/text/paint.h"

/*
 * A trace as people know it from traceroute, a line a hop:
 *
 *     198.18.9.9 of kp by icmp
 *       1  10.0.0.1          0.412 ms
 *       2  *
 *       3  198.18.9.1        9.120 ms  AS64497 KP
 *       4  198.18.9.9        9.871 ms
 *     reached, 4 hops, 6 probes
 *
 * Behind the time stand what is known of the address, MPLS labels, and what is unusual: an
 * unreachable by its name, "limited" for a hop that answers less often than those behind it,
 * "lost" where those behind it lose as much.
 */
struct trace_text {
	struct paint paint;
	FILE *out;
	uint8_t printed; /* hops of the trace that is being printed */
	bool begun;
	/* The name of an address, or NULL. NULL: there are no names. */
	const char *(*name_of)(void *self, const struct bw_addr *addr);
	void *self;
};

/*
 * Prints the first COUNT hops of a trace that is under way, as far as they are not printed
 * yet. Nothing of another trace may come in between until trace_text_end().
 */
void trace_text_hops(struct trace_text *text, const struct record_trace *trace, uint8_t count);

/* Prints what is left of a trace that is done, and how it ended. */
void trace_text_end(struct trace_text *text, const struct record_trace *trace);

#endif
