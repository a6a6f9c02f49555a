/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TRUTH_GROUND_TRUTH_H
#define SIM_TRUTH_GROUND_TRUTH_H

#include "sim/topology/blocks.h"
#include "sim/topology/paths.h"
#include "sim/topology/profile.h"
#include "sim/truth/faults.h"
#include "sim/truth/hosts.h"

/*
 * The ground truth of a world: its topology, its hosts and its faults, which refer to
 * each other. It is a function of seed and time; probing does not change it.
 */
struct ground_truth {
	uint64_t seed;
	struct profiles profiles;
	struct paths paths;
	struct blocks blocks;
	struct hosts hosts;
	struct faults faults;
};

/* Must not move afterwards. START is the wall time at time 0. Returns 0 or -ENOMEM. */
int ground_truth_init(struct ground_truth *truth, uint64_t seed, struct bw_wall start);
void ground_truth_fini(struct ground_truth *truth);

/* Ends the adding. Returns 0, or BW_ERR_OVERLAP for a host that is there twice. */
int ground_truth_seal(struct ground_truth *truth, struct bw_err *err);

#endif
