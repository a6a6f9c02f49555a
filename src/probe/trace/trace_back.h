/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_BACK_H
#define PROBE_TRACE_BACK_H

#include "probe/trace/trace.h"

/*
 * A backward trace asks where a path ends that is known from before. It probes the destination and
 * the last TTLs before it at which hops usually answer, then those before, until one answers; then
 * what is next behind that, once more. It ends as soon as the destination answers. TTLs that
 * it does not need stay IDLE.
 *
 * If time exceeded comes from where the destination used to be, the path is another one: all TTLs
 * are probed (TRACE_OUTWARD).
 *
 * As trace_plan(); HINT is the TTL at which others have ended, 0: not known.
 */
uint64_t trace_back_plan(struct trace *trace, const struct trace_limits *limits, uint8_t hint);

#endif
