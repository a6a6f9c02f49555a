/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_REFERENCE_TRINOCULAR_H
#define SIM_REFERENCE_TRINOCULAR_H

#include "sim/run/run.h"

/*
 * The reference: Trinocular as published (Quan, Heidemann, Pradkin, SIGCOMM 2013),
 * for comparison only. It watches the blocks of a simulation with rounds of 11 minutes,
 * up to 15 probes a block and round, 3 s of patience, and is told the truth about who
 * lives in each block and how available they are on average, which in the field it
 * has to learn. Its records are events of blocks.
 */
int trinocular_run(struct simulation *simulation, const struct run_options *options,
		   struct run_result *ret_result, struct bw_err *err);

/* The belief that a block is up, and how an answer or a silence changes it. */
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

/* How many probes of a round find a block that is up again with a chance of 80 %. */
unsigned trinocular_recovery_probes(double availability);

/* Whether so many are worth it, ROUNDS after the block was lost (1: the first). */
bool trinocular_tries_recovery(unsigned rounds);

#endif
