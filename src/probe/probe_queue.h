/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PROBE_QUEUE_H
#define PROBE_PROBE_QUEUE_H

#include <blockwatch/transport.h>

#include "probe/outcome.h"

/*
 * The probes that wait to be sent. They leave in the order in which they were added, except that a
 * way out (probe->egress) that takes nothing now is passed over. Each way has a list of its own, so
 * nothing is scanned for that.
 */
struct probe_queue {
	struct probe_queue_entry *entries; /* MAX of them, in the lists of the ways or free */
	uint32_t max, count;
	uint32_t first_free;
	uint64_t added;     /* numbers the probes in their order */
	unsigned way_count; /* ways from this number on never had a probe */
	struct probe_queue_way {
		uint32_t first, last; /* of its list */
		uint32_t next;        /* of the walk */
		uint32_t count;
		struct bw_mono held_until; /* it is passed over before */
		int64_t pause_ns;          /* how long it was held last; 0: it takes probes */
	} ways[BW_EGRESS_MAX];
};

/* Room for MAX probes. 0 or -ENOMEM. */
int probe_queue_init(struct probe_queue *queue, uint32_t max);
void probe_queue_fini(struct probe_queue *queue);

/*
 * Adds a probe, whose egress is below BW_EGRESS_MAX. 0; BW_ERR_LIMIT when the queue is full, or
 * when its way is held and fills half of the queue: the rest is for the others.
 */
int probe_queue_add(struct probe_queue *queue, const struct probe *probe);

/* How many probes wait, in all. */
uint32_t probe_queue_count(const struct probe_queue *queue);

/* How many wait on ways that are not held at NOW. */
uint32_t probe_queue_ready(const struct probe_queue *queue, struct bw_mono now);

/*
 * A walk along the probes of ways that are not held at NOW, in their order: begins at the first of
 * them; the next one, NULL at the end. Nothing leaves the queue. The probe is valid until it does.
 */
void probe_queue_rewind(struct probe_queue *queue);
const struct probe *probe_queue_next(struct probe_queue *queue, struct bw_mono now);

/* The first probe of the way of number EGRESS has left. The way is no longer held. */
void probe_queue_remove(struct probe_queue *queue, unsigned egress);

/* A way takes nothing now: holds it for 1 ms, and twice as long each time in a row, up to 64 ms. */
void probe_queue_hold(struct probe_queue *queue, unsigned egress, struct bw_mono now);

/* Until when a way is held; in the past when it is not. */
struct bw_mono probe_queue_held_until(const struct probe_queue *queue, unsigned egress);

/* When the first of the ways with probes is not held any more; BW_NEVER when no probe waits. */
struct bw_mono probe_queue_at(const struct probe_queue *queue);

#endif
