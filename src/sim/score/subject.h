/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_SUBJECT_H
#define SIM_SCORE_SUBJECT_H

#include <blockwatch/verdict.h>

#include "sim/world/world.h"

/* A block, network or target: a row of blocks that follow each other in the world. */
struct subject {
	enum bw_scope scope;
	uint32_t first, count; /* blocks; count 0: not scored */
};

/*
 * Finds the first outage of a subject that ends after FROM, a time in which all its blocks
 * are dark. Returns false for none.
 */
bool subject_outage(const struct sim_world *world, const struct subject *subject, int64_t from,
		    struct sim_interval *ret_outage);

#endif
