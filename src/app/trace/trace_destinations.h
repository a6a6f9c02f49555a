/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_DESTINATIONS_H
#define APP_TRACE_DESTINATIONS_H

#include "app/common/session.h"
#include "probe/trace/tracer.h"

/*
 * What `trace` traces: each address that was given itself or stands in a list, and one host
 * of each other block; by each of the methods and in each of the flows. A trace is a number
 * below trace_count. A block without candidates, an IPv6 network of which no host is listed, is
 * left out.
 */
struct trace_destination {
	struct bw_addr addr;
	struct bw_method method; /* if the options name none */
	uint32_t block;          /* of the roster */
	uint8_t egress;          /* ROSTER_NO_EGRESS: no route */
};

struct trace_destinations {
	const struct session *session; /* borrowed */
	struct trace_destination *list;
	const struct bw_methods *methods; /* count 0: that of each destination */
	struct egress_set egress;         /* filled in by trace_egress_find(), as that of each */
	uint32_t count, trace_count;
	uint32_t left_out; /* blocks */
	uint8_t flows, method_count;
};

/*
 * Collects them from the roster of SESSION, which must outlive them. METHODS is borrowed.
 * Returns 0; -ENOMEM; BW_ERR_LIMIT for more than 2^24 traces; BW_ERR_VALUE if all
 * blocks are left out.
 */
int trace_destinations_init(struct trace_destinations *destinations, const struct session *session,
			    const struct bw_methods *methods, uint8_t flows, struct bw_err *err);
void trace_destinations_fini(struct trace_destinations *destinations);

/* The destination of a trace. */
static inline uint32_t trace_destinations_of(const struct trace_destinations *destinations,
					     uint32_t trace)
{
	return trace / destinations->flows / destinations->method_count;
}

/*
 * Fills in what to send. Returns 0; BW_ERR_BLOCKLISTED or BW_ERR_SPECIAL_PURPOSE; or
 * BW_ERR_NO_ROUTE. *RET_LOCAL: the destination is this machine itself.
 */
int trace_destinations_wish(const struct trace_destinations *destinations, uint32_t trace,
			    struct trace_wish *ret_wish, bool *ret_local);

/* Adds every method that a trace may have to METHODS, which is empty at first. */
void trace_destinations_methods(const struct trace_destinations *destinations,
				struct bw_methods *methods);

/* The target and the block of a trace. */
const char *trace_destinations_target(const struct trace_destinations *destinations,
				      uint32_t trace);
struct bw_prefix trace_destinations_block(const struct trace_destinations *destinations,
					  uint32_t trace);

#endif
