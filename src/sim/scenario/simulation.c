/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/simulation.h"

#include <errno.h>
#include <stdlib.h>

#include "sim/world/inside.h"
#include "sim/scenario/build.h"

#define VANTAGE_V4 "10.99.0.2"
#define GATEWAY_BLOCK "10.99.0.0/24"
#define GATEWAY_V4 "10.99.0.1"
#define VANTAGE_V6 "2001:db8:ffff::2"
#define REFERENCES_V4 0x0a620000 /* 10.98.0.0: each reference has a /24 of its own */

static struct bw_addr addr_of(const char *text)
{
	struct bw_addr addr = {0};

	(void)bw_addr_parse(text, &addr);
	return addr;
}

/* A block in which nothing lives but the router at its first address. */
static int add_lone_router(struct build *build, const struct bw_prefix *block, bool lan)
{
	struct sim_profile profile = {.border = true,
				      .lan = lan,
				      .delay = {.base_ns = lan ? BW_MS : 30 * BW_MS}};
	struct sim_world *world = build->scene->world;
	int network = sim_world_add_network(world, -1, build->err);
	int number = network < 0 ? network : sim_world_add_profile(world, &profile, build->err);

	return number < 0 ? number
			  : sim_world_add_blocks(world, block, 1, (uint32_t)network,
						 (uint16_t)number, build->err);
}

static int add_sentinels(struct build *build)
{
	struct scene *scene = build->scene;
	struct bw_prefix block;
	int rc = 0;

	if (build->scenario->vantage.gateway) {
		(void)bw_prefix_parse(GATEWAY_BLOCK, &block, NULL);
		rc = add_lone_router(build, &block, true);
		scene->gateway = addr_of(GATEWAY_V4);
	}
	if (rc < 0)
		return scenario_blame(build->scenario, build->err, "vantage.gateway");
	for (uint32_t i = 0; i < build->scenario->vantage.references; i++) {
		struct bw_addr addr = bw_addr_from_v4(REFERENCES_V4 + (i << 8) + 1);

		block = bw_prefix_of(&addr, 24);
		rc = add_lone_router(build, &block, false);
		if (rc < 0)
			return scenario_blame(build->scenario, build->err, "vantage.references");
		scene->references[scene->reference_count++] = addr;
	}
	return 0;
}

static int add_vantage(struct build *build)
{
	const struct scenario_vantage *from = &build->scenario->vantage;
	struct sim_vantage vantage = {
		.v4 = addr_of(VANTAGE_V4),
		.v6 = addr_of(VANTAGE_V6),
		.path = -1,
		.line = build_line(&from->line),
	};
	struct scene *scene = build->scene;

	if (from->path.count) {
		vantage.path = build_path(build, &from->path, "vantage.path", -1);
		if (vantage.path < 0)
			return vantage.path;
	}
	if (sim_world_add_vantage(scene->world, &vantage, build->err) < 0)
		return scenario_blame(build->scenario, build->err, "vantage.line");
	scene->egress[0] = (struct bw_egress){"sim0", 1, vantage.v4, {0}};
	scene->egress[1] = (struct bw_egress){"sim0", 1, vantage.v6, {0}};
	return 0;
}

static int build_all(struct build *build)
{
	int rc = build_routers(build);

	if (rc == 0)
		rc = build_targets(build);
	if (rc == 0)
		rc = add_sentinels(build);
	if (rc == 0)
		rc = add_vantage(build);
	if (rc == 0)
		rc = build_troubles(build);
	if (rc == 0) {
		rc = sim_world_seal(build->scene->world, build->err);
		rc = rc < 0 ? scenario_blame(build->scenario, build->err, "targets") : 0;
	}
	return rc == 0 ? build_host_lists(build) : rc;
}

static size_t count_targets(const struct scenario *scenario)
{
	size_t count = 0;

	for (size_t i = 0; i < scenario->target_count; i++)
		count += scenario->targets[i].copies;
	return count;
}

int scene_new(const struct scenario *scenario, const struct scene_options *options,
	      struct scene **ret_scene, struct bw_err *err)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct build build = {scene, scenario, options->catalog, err, NULL, 0};
	uint64_t seed = options->seed ? options->seed : scenario->seed;
	int rc;

	if (!scene)
		return bw_err_set(err, -ENOMEM, "out of memory");
	scene->scenario = scenario;
	scene->seed = seed;
	scene->world = sim_world_new(&(struct sim_world_config){seed, scenario->start, 0});
	scene->targets = calloc(count_targets(scenario), sizeof(*scene->targets));
	scene->origins = calloc(scenario->target_count, sizeof(*scene->origins));
	build.routers = calloc(scenario->router_count + 1, sizeof(*build.routers));
	if (scene->world && scene->targets && scene->origins && build.routers)
		rc = build_all(&build);
	else
		rc = bw_err_set(err, -ENOMEM, "out of memory");
	free(build.routers);
	if (rc < 0) {
		scene_free(scene);
		return rc;
	}
	*ret_scene = scene;
	return 0;
}

void scene_free(struct scene *scene)
{
	if (!scene)
		return;
	for (size_t i = 0; i < scene->target_count; i++)
		bw_target_free(scene->targets[i]);
	free(scene->targets);
	free(scene->origins);
	sim_world_free(scene->world);
	free(scene);
}

double scene_availability(const struct scene *scene, uint16_t kind)
{
	const struct sim_host_kind *k = world_kind(scene->world, kind);

	return k->availability * (1 - k->miss);
}
