/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/labels.h"

#include <stdio.h>
#include <string.h>

static bool is_of(const struct scenario_router *router, const struct bw_addr *addr)
{
	return addr->family && (bw_addr_equal(&router->addresses.v4, addr) ||
				bw_addr_equal(&router->addresses.v6, addr));
}

/* The router of that name; NULL: there is none. */
static const struct scenario_router *find_router(const struct scenario *scenario, const char *name)
{
	for (size_t i = 0; i < scenario->router_count; i++)
		if (strcmp(scenario->routers[i].name, name) == 0)
			return &scenario->routers[i];
	return NULL;
}

bool labels_is_router(const struct scenario *scenario, const char *text, const struct bw_addr *addr)
{
	const struct scenario_router *router = find_router(scenario, text);
	struct bw_addr own;

	if (router)
		return is_of(router, addr);
	return bw_addr_parse(text, &own) == 0 && bw_addr_equal(&own, addr);
}

static void put_country(const char *country, char ret_country[3])
{
	if (country)
		snprintf(ret_country, 3, "%s", country);
}

/* Whether the border router of one of a target's copies has this address. */
static bool is_border(const struct simulation *simulation, const struct simulation_target *origin,
		      const struct bw_addr *addr)
{
	for (size_t i = 0; i < origin->count; i++) {
		const struct sim_router *border = paths_router(sim_world_paths(simulation->world),
							       origin->border + (uint32_t)i);

		if (bw_addr_equal(addr->family == 4 ? &border->v4 : &border->v6, addr))
			return true;
	}
	return false;
}

void labels_find(const void *self, const struct bw_addr *addr, uint32_t *ret_asn,
		 char ret_country[3])
{
	const struct simulation *simulation = self;
	const struct scenario *scenario = simulation->scenario;

	for (size_t i = 0; i < scenario->router_count; i++) {
		const struct scenario_router *router = &scenario->routers[i];

		if (!is_of(router, addr))
			continue;
		if (router->asn)
			*ret_asn = (uint32_t)router->asn;
		put_country(router->country, ret_country);
		return;
	}
	for (size_t t = 0; t < scenario->target_count; t++)
		if (is_border(simulation, &simulation->origins[t], addr))
			put_country(scenario->targets[t].country, ret_country);
}
