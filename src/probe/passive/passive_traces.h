/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PASSIVE_TRACES_H
#define PROBE_PASSIVE_TRACES_H

#include <blockwatch/transport.h>

#include "probe/trace/trace.h"

/*
 * Finds the traceroutes of any tool in a capture: captured frames in, traces out. Sans-IO; the
 * time comes with the frames.
 *
 * A trace is what one prober sends to one destination by one method (UDP: to any port) with TTLs
 * below TRACE_TTL_MAX, which no system sends by itself. It is over when no such probe was sent
 * for PASSIVE_TRACES_QUIET_NS, and after PASSIVE_TRACES_LENGTH_NS, after which the next begins. It
 * has probes of two TTLs and a hop up to PASSIVE_TRACES_NEAR that says time exceeded, or probes of
 * three TTLs from 1 on. So port scans with random TTLs are none.
 */
#define PASSIVE_TRACES_QUIET_NS (10 * BW_S)
#define PASSIVE_TRACES_LENGTH_NS (60 * BW_S)
#define PASSIVE_TRACES_NEAR 32   /* TTL; scans have higher ones */
#define PASSIVE_TRACES_MAX 65536 /* under way at once */

struct passive_traces;

struct passive_traces_config {
	/* Whether the traces of this sender are wanted. */
	bool (*is_prober)(void *self, const struct bw_addr *addr);
	/*
	 * A trace is over; it is borrowed for the call. Its flow is 1, subject is not set. A hop
	 * has as many tries as it lost probes, and one more if it answered.
	 */
	void (*on_trace)(void *self, const struct trace *trace);
	void *self;
};

/* Returns 0 or -ENOMEM. No time is before START. */
int passive_traces_new(const struct passive_traces_config *config, struct bw_mono start,
		       struct passive_traces **ret_traces);
void passive_traces_free(struct passive_traces *traces);

/* One frame; its time is not before that of any call before. */
void passive_traces_receive(struct passive_traces *traces, const struct bw_rx *rx);

/* Hands over what is over by NOW. */
void passive_traces_advance(struct passive_traces *traces, struct bw_mono now);

/* When passive_traces_advance() has something to do; perhaps earlier. BW_NEVER: nothing waits. */
struct bw_mono passive_traces_deadline(const struct passive_traces *traces);

/* Hands over all traces: nothing more was captured of them. */
void passive_traces_finish(struct passive_traces *traces);

/* Probes that were too many at once, of which nothing is said. */
uint64_t passive_traces_untracked(const struct passive_traces *traces);

#endif
