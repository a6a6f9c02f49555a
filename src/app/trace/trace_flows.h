/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_FLOWS_H
#define APP_TRACE_FLOWS_H

#include "app/trace/trace_destinations.h"

/*
 * Which hops differ between the flows of one destination and method (--flows). Hops that are
 * silent in a flow are not compared.
 */
struct trace_flows {
	struct trace_flow_group **groups; /* by trace / flows; NULL: none or done */
	uint32_t count;
	uint8_t flows;
};

/* Returns 0 or -ENOMEM. With one flow nothing is kept. */
int trace_flows_init(struct trace_flows *flows, const struct trace_destinations *destinations);
void trace_flows_fini(struct trace_flows *flows);

/*
 * Adds a trace that is done. Returns true if it was the last one of its group; then
 * *RET_DIFFERENT is the set of the TTLs (ttl - 1) at which the flows differ. When memory runs
 * out a group is left out.
 */
bool trace_flows_add(struct trace_flows *flows, const struct trace *trace, uint64_t *ret_different);

#endif
