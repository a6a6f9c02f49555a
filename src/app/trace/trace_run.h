/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_RUN_H
#define APP_TRACE_RUN_H

#include "app/trace/trace_destinations.h"
#include "app/trace/trace_record.h"

/* How traces are made, and who takes them. */
struct trace_run_config {
	const struct session *session;
	const struct conf_probing *options;
	const struct trace_destinations *destinations;
	struct trace_limits limits;
	/* A hop is known or given up; the trace may be incomplete. NULL: not wanted. */
	void (*on_hop)(void *self, const struct trace *trace);
	/* A trace is done. */
	void (*on_trace)(void *self, const struct trace *trace, struct bw_now now);
	void *self;
};

/*
 * Makes all traces; after SIGINT or SIGTERM those under way end as they are. Returns 0 or an
 * error of the network.
 */
int trace_run(const struct trace_run_config *config, struct bw_err *err);

#endif
