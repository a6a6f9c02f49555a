/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/simulation.h"

#include <errno.h>
#include <stdlib.h>

#include "sim/scenario/build_faults.h"
#include "sim/scenario/build_hosts.h"
#include "sim/scenario/build_paths.h"
#include "sim/scenario/build_restarts.h"
#include "sim/scenario/build_targets.h"

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

/* Adds a block whose only host is the router at its first address. */
static int add_lone_router(struct builder *builder, const struct bw_prefix *block, bool lan)
{
	struct sim_profile profile = {.border = true,
				      .lan = lan,
				      .delay = {.base_ns = lan ? BW_MS : 30 * BW_MS}};
	struct sim_world *world = builder->simulation->world;
	int network = sim_world_add_network(world, -1, builder->err);
	int number = network < 0 ? network : sim_world_add_profile(world, &profile, builder->err);

	return number < 0 ? number
			  : sim_world_add_blocks(world, block, 1, (uint32_t)network,
						 (uint16_t)number, builder->err);
}

static int add_sentinels(struct builder *builder)
{
	struct simulation *simulation = builder->simulation;
	struct bw_prefix block;
	int rc = 0;

	if (builder->scenario->vantage.gateway) {
		(void)bw_prefix_parse(GATEWAY_BLOCK, &block, NULL);
		rc = add_lone_router(builder, &block, true);
		simulation->gateway = addr_of(GATEWAY_V4);
	}
	if (rc < 0)
		return scenario_blame(builder->scenario, builder->err, "vantage.gateway");
	for (uint32_t i = 0; i < builder->scenario->vantage.references; i++) {
		struct bw_addr addr = bw_addr_from_v4(REFERENCES_V4 + (i << 8) + 1);

		block = bw_prefix_of(&addr, 24);
		rc = add_lone_router(builder, &block, false);
		if (rc < 0)
			return scenario_blame(builder->scenario, builder->err,
					      "vantage.references");
		simulation->references[simulation->reference_count++] = addr;
	}
	return 0;
}

static int add_vantage(struct builder *builder)
{
	const struct scenario_vantage *from = &builder->scenario->vantage;
	struct sim_vantage vantage = {
		.v4 = addr_of(VANTAGE_V4),
		.v6 = addr_of(VANTAGE_V6),
		.path = -1,
		.link = build_hosts_link(&from->link),
	};
	struct simulation *simulation = builder->simulation;

	if (from->path.count) {
		vantage.path = build_paths_add(builder, &from->path, "vantage.path", -1);
		if (vantage.path < 0)
			return vantage.path;
	}
	if (sim_world_add_vantage(simulation->world, &vantage, builder->err) < 0)
		return scenario_blame(builder->scenario, builder->err, "vantage.line");
	simulation->egress[0] = (struct bw_egress){"sim0", 1, vantage.v4, {0}};
	simulation->egress[1] = (struct bw_egress){"sim0", 1, vantage.v6, {0}};
	return 0;
}

static int build_all(struct builder *builder)
{
	int rc = build_paths_routers(builder);

	if (rc == 0)
		rc = build_targets(builder);
	if (rc == 0)
		rc = add_sentinels(builder);
	if (rc == 0)
		rc = add_vantage(builder);
	if (rc == 0)
		rc = build_faults(builder);
	if (rc == 0)
		rc = build_restarts(builder);
	if (rc == 0) {
		rc = sim_world_seal(builder->simulation->world, builder->err);
		rc = rc < 0 ? scenario_blame(builder->scenario, builder->err, "targets") : 0;
	}
	return rc == 0 ? build_targets_list_hosts(builder) : rc;
}

static size_t count_targets(const struct scenario *scenario)
{
	size_t count = 0;

	for (size_t i = 0; i < scenario->target_count; i++)
		count += scenario->targets[i].copies;
	return count;
}

int simulation_new(const struct scenario *scenario, const struct simulation_options *options,
		   struct simulation **ret_simulation, struct bw_err *err)
{
	struct simulation *simulation = calloc(1, sizeof(*simulation));
	struct builder builder = {simulation, scenario, options->catalog, err, NULL, 0};
	uint64_t seed = options->seed ? options->seed : scenario->seed;
	int rc;

	if (!simulation)
		return bw_err_set(err, -ENOMEM, "out of memory");
	simulation->scenario = scenario;
	simulation->seed = seed;
	simulation->world = sim_world_new(&(struct sim_world_config){seed, scenario->start, 0});
	simulation->targets = calloc(count_targets(scenario), sizeof(*simulation->targets));
	simulation->origins = calloc(scenario->target_count, sizeof(*simulation->origins));
	builder.routers = calloc(scenario->router_count + 1, sizeof(*builder.routers));
	if (simulation->world && simulation->targets && simulation->origins && builder.routers)
		rc = build_all(&builder);
	else
		rc = bw_err_set(err, -ENOMEM, "out of memory");
	free(builder.routers);
	if (rc < 0) {
		simulation_free(simulation);
		return rc;
	}
	*ret_simulation = simulation;
	return 0;
}

void simulation_free(struct simulation *simulation)
{
	if (!simulation)
		return;
	for (size_t i = 0; i < simulation->target_count; i++)
		bw_target_free(simulation->targets[i]);
	free(simulation->targets);
	free(simulation->origins);
	free(simulation->restarts);
	sim_world_free(simulation->world);
	free(simulation);
}
