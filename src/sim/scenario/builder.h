/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILDER_H
#define SIM_SCENARIO_BUILDER_H

#include "sim/scenario/simulation.h"

/* The construction of a simulation from a scenario, while it goes on. */
struct builder {
	struct simulation *simulation;
	const struct scenario *scenario;
	const struct catalog *catalog;
	struct bw_err *err;
	uint16_t *routers; /* the number in the world of each of the scenario's routers */
	uint32_t borders;  /* border routers that have been added */
};

/* A field of the scenario's file, as scenario_blame() takes it. */
struct build_field {
	char text[64];
};

#endif
