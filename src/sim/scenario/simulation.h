/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_SIMULATION_H
#define SIM_SCENARIO_SIMULATION_H

#include <blockwatch/target.h>
#include <blockwatch/transport.h>

#include "conf/scenario/scenario.h"
#include "sim/world/world.h"
#include "target/catalog/catalog.h"

/* A scenario come to life: its world, sealed, and the targets that are watched in it. */

/* Where a target of the scenario begins in the arrays below, with all its copies. */
struct simulation_target {
	size_t first, count;        /* of `targets` */
	size_t list_index;          /* in the scenario's list */
	uint16_t border;            /* the router that stands before the first copy */
	uint32_t network, networks; /* in the world: of the first copy, of each copy */
};

struct simulation {
	const struct scenario *scenario; /* borrowed */
	struct sim_world *world;
	struct bw_target **targets; /* of the vantage's roster */
	size_t target_count;
	struct simulation_target *origins; /* one for each of the scenario's targets */
	struct bw_addr gateway;            /* family 0: none */
	struct bw_addr references[64];
	unsigned reference_count;
	struct bw_egress egress[2]; /* IPv4, IPv6 */
	uint64_t seed;
};

struct simulation_options {
	const struct catalog *catalog; /* finds targets with a file; NULL: none are found */
	uint64_t seed;                 /* in place of the scenario's; 0: its own */
};

/*
 * Builds the world and the targets. Returns 0; -ENOMEM; what sim_world_add_...()
 * and catalog_resolve() say, with the place in the scenario's file.
 */
int simulation_new(const struct scenario *scenario, const struct simulation_options *options,
		   struct simulation **ret_simulation, struct bw_err *err);
void simulation_free(struct simulation *simulation);

#endif
