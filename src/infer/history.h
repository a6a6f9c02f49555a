/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HISTORY_H
#define INFER_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * The outages of a block, network or target since watching began, so that a new one can be
 * compared with them ("the first in 40 days, the longest of 3"). Wall times, because it is kept
 * over restarts.
 */
struct history {
	struct bw_wall first;    /* start of watching; ns 0: not yet */
	struct bw_wall last_end; /* of the last outage; ns 0: none */
	struct bw_wall
		end_before; /* of the one before it; ns 0: none, or not known after a restart */
	int64_t dark_ns;    /* length of all outages */
	int64_t longest_ns;
	uint32_t outages;
};

/* An outage compared with the history before it. */
struct history_comparison {
	double days;         /* of watching; 0: nothing can be said */
	uint32_t outages;    /* before this one */
	double since_last_s; /* from the end of the last outage; negative: none */
	bool longest;        /* it is longer than all before */
	double availability; /* share of the time without outage, 0..1 */
};

/* Starts watching at NOW, unless it has started. */
void history_start(struct history *history, struct bw_wall now);

/* An outage that begins at NOW (LENGTH_NS negative), or that ends then and lasted LENGTH_NS. */
struct history_comparison history_compare(const struct history *history, struct bw_wall now,
					  int64_t length_ns);

/* Adds an outage of LENGTH_NS that ended at END. */
void history_add(struct history *history, struct bw_wall end, int64_t length_ns);

/* The last outage, of LENGTH_NS, was none of its own. That it may have been the longest stays. */
void history_undo(struct history *history, int64_t length_ns);

#endif
