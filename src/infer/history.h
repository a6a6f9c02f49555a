/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HISTORY_H
#define INFER_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * What is usual: the outages of a block, network or target since it is watched,
 * so that a new one can be compared ("the first in 40 days, the longest of 3").
 * Wall times, as it outlives restarts.
 */
struct history {
	struct bw_wall first;    /* watched since; ns 0: not yet */
	struct bw_wall last_end; /* of the last outage; ns 0: none */
	int64_t dark_ns;         /* of all outages together */
	int64_t longest_ns;
	uint32_t outages;
};

/* The comparison of an outage that begins, or (length_ns >= 0) ends, at NOW. */
struct history_comparison {
	double days;         /* watched; 0: too short to say anything */
	uint32_t outages;    /* before this one */
	double since_last_s; /* negative: there was none */
	bool longest;
	double availability;
};

/* Starts watching, unless it has started. */
void history_start(struct history *history, struct bw_wall now);

struct history_comparison history_compare(const struct history *history, struct bw_wall now,
					  int64_t length_ns);

/* Adds an outage of LENGTH_NS that ended at END. */
void history_add(struct history *history, struct bw_wall end, int64_t length_ns);

#endif
