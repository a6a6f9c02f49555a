/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILD_H
#define SIM_SCENARIO_BUILD_H

#include "sim/scenario/simulation.h"

/* Private to sim/scenario: a scene being built. */
struct build {
	struct scene *scene;
	const struct scenario *scenario;
	const struct catalog *catalog;
	struct bw_err *err;
	uint16_t *routers; /* number in the world of each of the scenario's */
	uint32_t borders;  /* that have been made */
};

/* land.c: the networks of the targets, with who lives there. */
int build_targets(struct build *build);

/* After the sealing: lists the hosts of generated targets. */
int build_host_lists(struct build *build);

/* path.c */
int build_routers(struct build *build);

/*
 * A path over the routers that are named in TEXTS, which stand in the file at
 * FIELD, and over the router BORDER behind them (-1: none). Returns its number.
 */
int build_path(struct build *build, const struct scenario_texts *texts, const char *field,
	       int border);

/* A router of a target's own. Returns its number. */
int build_border(struct build *build);

/* The number of the router of that name, or BW_ERR_MISSING (err is set, without a place). */
int build_find_router(const struct build *build, const char *name, size_t length);

/* trouble.c: what happens in the course of time. */
int build_troubles(struct build *build);

struct sim_line build_line(const struct scenario_line *line);

#endif
