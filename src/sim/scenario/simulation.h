/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_SIMULATION_H
#define SIM_SCENARIO_SIMULATION_H

#include <blockwatch/target.h>
#include <blockwatch/transport.h>

#include "conf/scenario/scenario.h"
#include "sim/world/world.h"
#include "target/catalog/catalog.h"

/* A simulation is built from a scenario: a sealed world, and the targets in it. */

/* Where a target of the scenario, with all its copies, is in the simulation. */
struct simulation_target {
	size_t first, count;        /* in `targets` */
	size_t list_index;          /* in the scenario's list */
	uint16_t border;            /* border router of the first copy */
	uint32_t network, networks; /* in the world: first network, networks of each copy */
};

/* The program of the vantage is stopped AT and started again at UNTIL, or reloads. */
struct simulation_restart {
	struct bw_mono at, until;
	bool is_reload;
};

/*
 * The ways out of the vantage: IPv4 and IPv6 of the first uplink, then of the second. Each uplink
 * is a vantage of the world, with the same number (simulation_uplink()). IPv6 has a gateway and
 * references when a target has IPv6 networks.
 */
#define SIMULATION_WAYS 4

struct simulation_way {
	struct bw_addr gateway; /* family 0: none */
	struct bw_addr references[64];
	unsigned reference_count;
};

static inline unsigned simulation_uplink(unsigned way)
{
	return way / 2;
}

struct simulation {
	const struct scenario *scenario; /* borrowed */
	struct sim_world *world;
	struct bw_target **targets; /* for the vantage's roster */
	size_t target_count;
	struct simulation_target *origins; /* one for each of the scenario's targets */
	struct simulation_way ways[SIMULATION_WAYS];
	struct bw_egress egress[SIMULATION_WAYS]; /* of the ways */
	uint8_t way_count;                        /* 2, or 4 with a second uplink */
	uint64_t seed;
	struct simulation_restart *restarts; /* by time */
	size_t restart_count;
};

struct simulation_options {
	const struct catalog *catalog; /* resolves targets with a file; NULL: none */
	uint64_t seed;                 /* overrides that of the scenario; 0: does not */
};

/*
 * Builds the world and the targets. SCENARIO is borrowed. Returns 0, -ENOMEM, or an error of
 * sim_world_add_...() or catalog_resolve() with its place in the scenario's file.
 */
int simulation_new(const struct scenario *scenario, const struct simulation_options *options,
		   struct simulation **ret_simulation, struct bw_err *err);
void simulation_free(struct simulation *simulation);

#endif
