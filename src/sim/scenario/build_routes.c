/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/build_routes.h"

#include <string.h>

#include "sim/scenario/build_paths.h"

/* A route change, and how many networks have it. */
struct route_plan {
	struct builder *builder;
	const struct scenario_route_change *from;
	size_t index; /* number of the change in the scenario */
	size_t found;
};

/* A copy of a target. */
struct target_copy {
	const struct bw_target *target;
	uint32_t network; /* the number of its first network in the world */
	int border;       /* its border router */
};

static int blame(const struct route_plan *plan, const char *member)
{
	return scenario_blame(plan->builder->scenario, plan->builder->err, "route_changes[%zu]%s",
			      plan->index, member);
}

static int add_intervals(const struct route_plan *plan, struct sim_route_change change)
{
	const struct scenario_route_change *from = plan->from;
	int rc;

	change.start.ns = from->at.ns;
	change.end.ns = from->until.ns;
	do {
		rc = sim_world_add_route_change(plan->builder->simulation->world, &change,
						plan->builder->err);
		change.start.ns += from->every_ns;
		change.end.ns += from->every_ns;
	} while (rc == 0 && from->every_ns &&
		 change.start.ns < plan->builder->scenario->duration_ns);
	return rc < 0 ? blame(plan, "") : 0;
}

/* Whether TEXT names network number N of a target. */
static bool is_named(const char *text, const struct bw_target *target, size_t n)
{
	struct bw_prefix prefix;

	if (strcmp(text, "all") == 0 || strcmp(text, target->name) == 0)
		return true;
	return bw_prefix_parse(text, &prefix, NULL) == 0 &&
	       bw_prefix_covers(&prefix, &target->networks[n].prefix);
}

/* Changes the routes to the networks of a target that TEXT names. */
static int add_to_target(struct route_plan *plan, const struct target_copy *copy, const char *text)
{
	struct build_part part = {&plan->from->path, ""};
	char field[48];
	int path = -1, rc = 0;

	snprintf(field, sizeof(field), "route_changes[%zu].path", plan->index);
	part.field = field;
	for (uint32_t n = 0; n < copy->target->network_count && rc == 0; n++) {
		if (!is_named(text, copy->target, n))
			continue;
		if (path < 0)
			path = build_paths_add(plan->builder, &part, 1, copy->border);
		if (path < 0)
			return path;
		plan->found++;
		rc = add_intervals(plan, (struct sim_route_change){.network = copy->network + n,
								   .path = (uint16_t)path});
	}
	return rc;
}

static int add_text(struct route_plan *plan, const char *text)
{
	const struct simulation *simulation = plan->builder->simulation;
	int rc = 0;

	for (size_t t = 0; t < plan->builder->scenario->target_count; t++) {
		const struct simulation_target *origin = &simulation->origins[t];

		for (size_t i = 0; i < origin->count && rc == 0; i++) {
			struct target_copy copy = {
				.target = simulation->targets[origin->first + i],
				.network = origin->network + (uint32_t)i * origin->networks,
				.border = (int)(origin->border + i),
			};

			rc = add_to_target(plan, &copy, text);
		}
	}
	return rc;
}

static int add_change(struct builder *builder, size_t index)
{
	struct route_plan plan = {
		.builder = builder,
		.from = &builder->scenario->route_changes[index],
		.index = index,
	};
	int rc = 0;

	for (size_t n = 0; n < plan.from->subjects.count && rc == 0; n++) {
		const char *text = plan.from->subjects.list[n].text;

		plan.found = 0;
		rc = add_text(&plan, text);
		if (rc < 0 || plan.found)
			continue;
		bw_err_set(builder->err, BW_ERR_VALUE,
			   "no target or network is called '%.60s'; or say \"all\"", text);
		rc = blame(&plan, ".subject");
	}
	return rc;
}

int build_routes(struct builder *builder)
{
	int rc = 0;

	for (size_t i = 0; i < builder->scenario->route_change_count && rc == 0; i++)
		rc = add_change(builder, i);
	return rc;
}
