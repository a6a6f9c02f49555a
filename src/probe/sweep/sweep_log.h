/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_LOG_H
#define PROBE_SWEEP_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * When a place was asked. A sweep stores nothing about single probes, but it takes its
 * places in order, so that a few thousand points of (place, time) give the time of each.
 * A ring of fixed size: older points are overwritten. One thread writes, another may
 * read.
 */
#define SWEEP_LOG_POINTS (1u << 16)
#define SWEEP_LOG_STEP_NS BW_MS /* between two points: the ring reaches back a minute or more */

struct sweep_log {
	struct sweep_log_point {
		_Atomic uint64_t place;
		_Atomic int64_t ns;
	} * points;
	_Atomic uint64_t count; /* ever written */
};

/* 0 or -ENOMEM. */
int sweep_log_init(struct sweep_log *log);
void sweep_log_fini(struct sweep_log *log);

/*
 * PLACE (not below any earlier one) and those behind it are asked from NOW on.
 * Kept when the last point is a step away, or MUST.
 */
void sweep_log_add(struct sweep_log *log, uint64_t place, struct bw_mono now, bool must);

/* What is known of the time at which a place was asked. */
struct sweep_log_time {
	struct bw_mono from; /* the point before: as it was given to sweep_log_add() */
	struct bw_mono at;   /* a straight line to the point behind: within a step */
};

/* False when the place has not been asked, or so long ago that it is forgotten. */
bool sweep_log_find(const struct sweep_log *log, uint64_t place, struct sweep_log_time *ret_time);

/* The first place that was asked at AT or later, as far as is known; UINT64_MAX: none. */
uint64_t sweep_log_place(const struct sweep_log *log, struct bw_mono at);

#endif
