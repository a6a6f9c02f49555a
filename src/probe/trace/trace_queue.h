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
 * stop set knows the routers there.
 *
 * Many routers limit how often they send time exceeded, Linux to one a second and host. Where
 * answers have come from a TTL and then many fail to come, the TTL is limited: from then on
 * each of its routers gets one probe in TRACE_QUEUE_PACE_NS. To bound the time of a run, that
 * ends after TRACE_QUEUE_LIMITED_NS, and does not come back.
 *
 * Both do not hold for the TTL of the estimates, whose answers come from the destinations.
 *
 * A probe is the number slot * room + TTL.
 */
#define TRACE_QUEUE_FIRST 4
#define TRACE_QUEUE_PACE_NS (1100 * BW_MS)
#define TRACE_QUEUE_LIMITED_NS (60 * BW_S)

/* The probes with one TTL. */
struct trace_lane {
	uint32_t head, tail;                   /* those that wait */
	uint32_t flying;                       /* those under way */
	uint64_t answered, lost, missed;       /* those settled */
	uint64_t routers;                      /* a bit for each of 64 hashes of an address */
	struct bw_mono limited_until, next_at; /* ns 0: never limited */
};

struct trace_queue {
	uint32_t *next; /* by number */
	struct trace_lane lanes[TRACE_TTL_MAX + 1];
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

/* Takes the next probe that may be sent, which then is under way. False: none may now. */
bool trace_queue_take(struct trace_queue *queue, struct bw_mono now, uint32_t *ret_number);

/* When trace_queue_take() will give a probe; BW_NEVER: not before something lands. */
struct bw_mono trace_queue_due(const struct trace_queue *queue, struct bw_mono now);

/* A probe with this TTL is no longer under way, for another reason than the following. */
void trace_queue_landed(struct trace_queue *queue, uint8_t ttl);
void trace_queue_answered(struct trace_queue *queue, uint8_t ttl, const struct bw_addr *from);

/* No answer came. EXPECTED: that is no sign of a rate limit. */
void trace_queue_lost(struct trace_queue *queue, uint8_t ttl, bool expected, struct bw_mono now);

#endif
