/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACER_H
#define PROBE_TRACER_H

#include <blockwatch/transport.h>

#include "probe/pacer.h"
#include "probe/trace/trace.h"
#include "probe/trace/trace_plan.h"
#include "wire/reject.h"

/*
 * The engine of traceroutes: many traces at once, packets out, frames in, hops out. Sans-IO:
 * no clock, no descriptor; what it does depends on its arguments alone.
 */
struct tracer;

struct tracer_config {
	const struct bw_transport *transport; /* borrowed, as the egress table */
	const struct bw_egress *egress;
	uint8_t egress_count;
	const struct bw_methods *methods; /* needed by tracer_new() only */
	double rate_pps;
	bool spread;         /* traces are far between: limits of routers are not guessed */
	struct pacer *pacer; /* of all probes, theirs included; borrowed; NULL: there is none */
	struct trace_limits limits; /* limits.tries at most TRACE_TRIES */
	uint32_t active_max;        /* traces at a time */
	uint64_t seed;              /* 0: a random token key; else a repeatable one */
	/* The next trace to start. False: none now, or none any more. Not NULL. */
	bool (*next)(void *self, struct trace_wish *ret_wish);
	/* A hop is known or given up; the trace may be incomplete. NULL: not wanted. */
	void (*on_hop)(void *self, const struct trace *trace);
	/* A trace is done; it is borrowed for the call. Not NULL. */
	void (*on_trace)(void *self, const struct trace *trace);
	void *self;
};

/* Since the start; rejected frames by reason. */
struct tracer_stats {
	uint64_t sent, send_errors, answers, traces, stop_set_hops;
	uint64_t rejected[REJECTS];
};

/* Returns 0, -ENOMEM, or what build_template_init() says. tracer_free() accepts NULL. */
int tracer_new(const struct tracer_config *config, struct bw_mono now, struct tracer **ret_tracer,
	       struct bw_err *err);
void tracer_free(struct tracer *tracer);

/* Starts traces, sends what the pacer allows, and gives up probes that time out. */
void tracer_tick(struct tracer *tracer, struct bw_mono now);

/* When tracer_tick() is to be called again at the latest. */
struct bw_mono tracer_deadline(const struct tracer *tracer, struct bw_mono now);

/* One captured frame: an answer, or a count of why it is none. Returns true for an answer. */
bool tracer_receive(struct tracer *tracer, const struct bw_rx *rx);

/* Forgets all hops that traces have found so far: they may be others by now. */
void tracer_forget(struct tracer *tracer);

/* Ends all traces under way as TRACE_INTERRUPTED; nothing is started any more. */
void tracer_interrupt(struct tracer *tracer);

/* Whether no trace is under way and next() had none. */
bool tracer_is_done(const struct tracer *tracer);

void tracer_stats(const struct tracer *tracer, struct tracer_stats *ret_stats);

#endif
