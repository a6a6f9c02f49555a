/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILD_PATHS_H
#define SIM_SCENARIO_BUILD_PATHS_H

#include "sim/scenario/builder.h"

/* The routers and paths. Errors have their place in the scenario's file unless said otherwise. */

/* Adds the routers of the scenario to the world. Returns 0 or an error. */
int build_paths_routers(struct builder *builder);

/* Adds a border router for a target. Returns its number or an error without a place. */
int build_paths_add_border(struct builder *builder);

/* A part of a path: names of routers, which are at FIELD in the file. */
struct build_part {
	const struct scenario_texts *texts;
	const char *field;
};

/*
 * Adds a path over the routers of COUNT parts, one after the other, and over the router BORDER
 * behind them (-1: none). Returns its number or an error.
 */
int build_paths_add(struct builder *builder, const struct build_part *parts, size_t count,
		    int border);

/* Returns the number of the router of a name, or BW_ERR_VALUE without a place. */
int build_paths_find_router(const struct builder *builder, const char *name, size_t length);

#endif
