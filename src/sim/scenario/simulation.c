/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/simulation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/build_faults.h"
#include "sim/scenario/build_hosts.h"
#include "sim/scenario/build_paths.h"
#include "sim/scenario/build_restarts.h"
#include "sim/scenario/build_routes.h"
#include "sim/scenario/build_targets.h"

/* What stands at the near end of a way. */
struct way_place {
	const char *interface, *source, *gateway_block, *gateway;
	const char *references; /* the first; each has a /24 or /48 of its own */
	unsigned block_length;
};

static const struct way_place places[SIMULATION_WAYS] = {
	{"sim0", "10.99.0.2", "10.99.0.0/24", "10.99.0.1", "10.98.0.1", 24},
	{"sim0", "2001:db8:ffff::2", "2001:db8:fffe::/48", "2001:db8:fffe::1", "2001:db8:f800::1",
	 48},
	{"sim1", "10.99.1.2", "10.99.1.0/24", "10.99.1.1", "10.97.0.1", 24},
	{"sim1", "2001:db8:fffd::2", "2001:db8:fffc::/48", "2001:db8:fffc::1", "2001:db8:f000::1",
	 48},
};

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

static int add_references(struct builder *builder, unsigned number)
{
	struct simulation_way *way = &builder->simulation->ways[number];
	struct bw_addr addr = addr_of(places[number].references);
	int rc = 0;

	for (uint32_t i = 0; i < builder->scenario->vantage.references && rc >= 0; i++) {
		struct bw_prefix block = bw_prefix_of(&addr, places[number].block_length);

		rc = add_lone_router(builder, &block, false);
		way->references[way->reference_count++] = addr;
		addr.bytes[places[number].block_length / 8 - 1]++;
	}
	return rc < 0 ? scenario_blame(builder->scenario, builder->err, "vantage.references") : 0;
}

static int add_sentinels(struct builder *builder, unsigned number)
{
	struct bw_prefix block;
	int rc = 0;

	if (builder->scenario->vantage.gateway) {
		(void)bw_prefix_parse(places[number].gateway_block, &block, NULL);
		rc = add_lone_router(builder, &block, true);
		builder->simulation->ways[number].gateway = addr_of(places[number].gateway);
	}
	if (rc < 0)
		return scenario_blame(builder->scenario, builder->err, "vantage.gateway");
	return add_references(builder, number);
}

static bool has_v6(const struct simulation *simulation)
{
	for (size_t t = 0; t < simulation->target_count; t++)
		for (size_t n = 0; n < simulation->targets[t]->network_count; n++)
			if (simulation->targets[t]->networks[n].prefix.addr.family == 6)
				return true;
	return false;
}

static int add_all_sentinels(struct builder *builder)
{
	struct simulation *simulation = builder->simulation;
	bool v6 = has_v6(simulation);
	int rc = 0;

	simulation->way_count = builder->scenario->vantage.second_uplink.count ? 4 : 2;
	for (unsigned n = 0; n < simulation->way_count && rc == 0; n++)
		if (n % 2 == 0 || v6)
			rc = add_sentinels(builder, n);
	return rc;
}

static int add_uplink(struct builder *builder, unsigned number, int path)
{
	const struct scenario_vantage *from = &builder->scenario->vantage;
	struct simulation *simulation = builder->simulation;
	const unsigned v4 = 2 * number, v6 = v4 + 1;
	struct sim_vantage vantage = {
		.v4 = addr_of(places[v4].source),
		.v6 = addr_of(places[v6].source),
		.outside_v4 = from->nat.v4,
		.outside_v6 = from->nat.v6,
		.path = path,
		.link = build_hosts_link(&from->link),
	};

	if (sim_world_add_vantage(simulation->world, &vantage, builder->err) < 0)
		return scenario_blame(builder->scenario, builder->err, "vantage.line");
	for (unsigned n = v4; n <= v6; n++) {
		struct bw_egress *egress = &simulation->egress[n];

		snprintf(egress->interface, sizeof(egress->interface), "%s", places[n].interface);
		egress->interface_index = number + 1;
		egress->source = n == v4 ? vantage.v4 : vantage.v6;
	}
	return 0;
}

static int add_vantage(struct builder *builder)
{
	const struct scenario_vantage *from = &builder->scenario->vantage;
	int path = -1, rc = 0;

	if (from->path.count) {
		path = build_paths_add(builder, &(struct build_part){&from->path, "vantage.path"},
				       1, -1);
		if (path < 0)
			return path;
	}
	for (unsigned n = 0; 2 * n < builder->simulation->way_count && rc == 0; n++)
		rc = add_uplink(builder, n, path);
	return rc;
}

/* Routers that expectations name are there; an address may be any. */
static int check_router(struct builder *builder, const char *text, size_t index, const char *member)
{
	struct bw_addr addr;

	if (!text || bw_addr_parse(text, &addr) == 0 ||
	    build_paths_find_router(builder, text, strlen(text)) >= 0)
		return 0;
	return scenario_blame(builder->scenario, builder->err, "expect[%zu].path.%s", index,
			      member);
}

static int check_expected_routers(struct builder *builder)
{
	const struct scenario *s = builder->scenario;
	int rc = 0;

	for (size_t i = 0; i < s->expect_count && rc == 0; i++) {
		rc = check_router(builder, s->expect[i].path.last, i, "last");
		if (rc == 0)
			rc = check_router(builder, s->expect[i].path.next, i, "next");
	}
	return rc;
}

static int build_all(struct builder *builder)
{
	int rc = build_paths_routers(builder);

	if (rc == 0)
		rc = check_expected_routers(builder);
	if (rc == 0)
		rc = build_targets(builder);
	if (rc == 0)
		rc = add_all_sentinels(builder);
	if (rc == 0)
		rc = add_vantage(builder);
	if (rc == 0)
		rc = build_routes(builder);
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
