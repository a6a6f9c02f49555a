/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_QUEUE_H
#define PROBE_TRACE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/trace/trace.h"

/*
 * The probes of all traces that wait to be sent, by TTL. They are taken from each TTL in
 * turn, so that probes which follow each other meet different routers.
 *
 * Near the vantage all traces share the same routers. So a TTL starts slowly: at most
 * TRACE_QUEUE_FIRST probes are under way, and two more for each that was settled, until the
 * stop set knows the routers there. This does not hold for the TTL of the estimates, whose
 * answers come from the destinations.
 *
 * A probe is the number slot * room + TTL.
 */
#define TRACE_QUEUE_FIRST 4

struct trace_queue {
	uint32_t *next; /* by number */
	uint32_t head[TRACE_TTL_MAX + 1], tail[TRACE_TTL_MAX + 1];
	uint32_t flying[TRACE_TTL_MAX + 1];
	uint64_t settled[TRACE_TTL_MAX + 1];
	uint64_t waiting; /* a bit for each TTL with probes, ttl - 1 */
	uint32_t room, count;
	uint8_t turn; /* the TTL that was taken last */
	uint8_t max_ttl;
};

/* For SLOTS traces with TTLs up to MAX_TTL. Returns 0 or -ENOMEM. */
int trace_queue_init(struct trace_queue *queue, uint32_t slots, uint8_t max_ttl);
void trace_queue_fini(struct trace_queue *queue);

/* Appends a probe that is not in the queue; puts it in front. */
void trace_queue_put(struct trace_queue *queue, uint32_t number);
void trace_queue_put_back(struct trace_queue *queue, uint32_t number);

/* Takes the next probe that may be sent, which then is under way. False: none may. */
bool trace_queue_take(struct trace_queue *queue, uint32_t *ret_number);

/* Whether trace_queue_take() would give a probe. */
bool trace_queue_is_ready(const struct trace_queue *queue);

/* A probe with this TTL is no longer under way: answered, timed out, given up or put back. */
void trace_queue_landed(struct trace_queue *queue, uint8_t ttl, bool settled);

#endif
