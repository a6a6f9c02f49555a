/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_PLAN_H
#define PROBE_TRACE_PLAN_H

#include "probe/trace/stop_set.h"
#include "probe/trace/trace.h"

/*
 * Says which TTLs of TRACE are to be probed now, as a set; each is in the state ASKED from
 * then on, and the caller has to settle it: KNOWN or QUIET. Called at the start and whenever
 * a hop was settled. 0: wait for what is asked, or the trace is TRACE_DONE.
 *
 * HINT is the TTL from which a trace whose end is silent starts, 1 or more; of a backward trace
 * the TTL at which others have ended, or 0. SET is only read.
 */
uint64_t trace_plan(struct trace *trace, const struct trace_limits *limits,
		    const struct stop_set *set, uint8_t hint);

/* How many probes a TTL gets in the present phase of the trace. */
uint8_t trace_tries(const struct trace *trace, const struct trace_limits *limits, uint8_t ttl);

/*
 * How long the latest probe of a TTL waits for its answer. The last one of a TTL has the
 * whole timeout; earlier ones have three times the longest round trip of their trace, at
 * least a second, so that a router is not probed again within a second. An answer that comes
 * later still counts while the trace lasts.
 */
#define TRACE_PATIENCE_LEAST_NS BW_S
#define TRACE_PATIENCE_BACKWARD_NS (700 * BW_MS) /* no TTL is probed again at once there */
int64_t trace_patience_ns(const struct trace *trace, const struct trace_limits *limits,
			  uint8_t ttl);

/* The TTL at which the hops of a trace, from `first` to `high`, have begun to repeat; 0: none. */
uint8_t trace_find_loop(const struct trace *trace);

#endif
