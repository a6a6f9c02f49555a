/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_REFERENCE_TRINOCULAR_H
#define SIM_REFERENCE_TRINOCULAR_H

#include "sim/run/run.h"

/*
 * Trinocular as published (Quan, Heidemann, Pradkin, SIGCOMM 2013), as a reference for
 * comparison only. It probes the blocks of a simulation in rounds of 11 minutes, with up to
 * 15 probes for a block in a round and a timeout of 3 s. It is told which hosts each block has
 * and their mean availability, which it has to learn in reality. Its records are events of
 * blocks. Returns 0, -ENOMEM or what engine_new() returns.
 */
int trinocular_run(struct simulation *simulation, const struct run_options *options,
		   struct run_result *ret_result, struct bw_err *err);

/* The probability that a block is up, and its update by an answer or a timeout. */
struct trinocular_belief {
	double up;
};

#define TRINOCULAR_START ((struct trinocular_belief){.99})

struct trinocular_belief trinocular_learn(struct trinocular_belief belief, double availability,
					  bool answered);

static inline bool trinocular_is_up(struct trinocular_belief belief)
{
	return belief.up > .9;
}
static inline bool trinocular_is_down(struct trinocular_belief belief)
{
	return belief.up < .1;
}

/* How many probes of one round detect with 80 % that a block is up again. */
unsigned trinocular_recovery_probes(double availability);

/* Whether recovery probes are sent in a round, the ROUNDS-th since the block went down. */
bool trinocular_tries_recovery(unsigned rounds);

#endif
