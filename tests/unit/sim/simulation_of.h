/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SIM_SCENE_OF_H
#define TEST_SIM_SCENE_OF_H

#include <stdio.h>
#include <string.h>

#include "sim/scenario/simulation.h"

/* A scenario, given as text, and the simulation that is built from it. */
struct stage {
	const struct scenario *scenario;
	struct simulation *simulation;
	struct bw_err err;
};

#define STAGE_HEAD "{\"schema\": \"blockwatch/scenario/1\", \"name\": \"x\", "
#define STAGE_LAND                                                                           \
	"\"targets\": [{\"name\": \"land\", \"networks\": [{\"prefix\": \"198.18.0.0/24\", " \
	"\"count\": 4}], \"hosts\": [{\"count\": 10}]}]"

/* Returns what scenario_parse() or simulation_new() returns. */
static inline int stage_try(struct stage *stage, const char *text)
{
	int code;

	memset(stage, 0, sizeof(*stage));
	code = scenario_parse(text, strlen(text), "x.json", &stage->scenario, &stage->err);
	return code < 0 ? code
			: simulation_new(stage->scenario, &(struct simulation_options){0},
					 &stage->simulation, &stage->err);
}

static inline void stage_end(struct stage *stage)
{
	simulation_free(stage->simulation);
	scenario_free(stage->scenario);
}

static inline void stage_begin(struct stage *stage, const char *text)
{
	if (stage_try(stage, text) < 0)
		fail_msg("%d %s: %s", stage->err.line, stage->err.field, stage->err.message);
}

#endif
