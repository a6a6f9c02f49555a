/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TRUTH_BLOCK_TRUTH_H
#define SIM_TRUTH_BLOCK_TRUTH_H

#include "sim/truth/faults.h"
#include "sim/truth/hosts.h"

/*
 * The ground truth about blocks. A block is dark while faults cut off the whole of it
 * for all vantages. A block that one vantage cannot reach, or half of which is gone, is up.
 */
enum sim_truth {
	SIM_TRUTH_UP,
	SIM_TRUTH_DARK,     /* no path to any of its addresses, for any vantage */
	SIM_TRUTH_FILTERED, /* the same, but a router in it sends prohibited */
	SIM_TRUTH_EMPTY,    /* reachable, but it has no hosts, or no longer */
};

/* [start, end) */
struct sim_interval {
	struct bw_mono start, end;
};

/* The truth about a block at a time. */
enum sim_truth block_truth_at(const struct faults *faults, const struct hosts *hosts,
			      uint32_t block, int64_t at_ns);

/*
 * Finds the first outage of a block that ends after FROM_NS, in full length: faults that
 * touch or overlap are one outage. Returns false for none.
 */
bool block_truth_outage(const struct faults *faults, uint32_t block, int64_t from_ns,
			struct sim_interval *ret_outage);

/*
 * The same for COUNT blocks, above 0, from number FIRST on: finds the first interval that
 * ends after FROM_NS and in which all of them are dark.
 */
bool block_truth_joint_outage(const struct faults *faults, uint32_t first, uint32_t count,
			      int64_t from_ns, struct sim_interval *ret_outage);

#endif
