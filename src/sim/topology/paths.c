/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "sim/world/inside.h"
#include "sim/truth/chance.h"

struct way path_near(const struct sim_world *world, const struct vantage *vantage)
{
	struct way way = {.far = NULL};

	if (vantage->config.path >= 0)
		way.near = world_path(world, (uint16_t)vantage->config.path);
	way.near_count = way.count = way.near ? way.near->hop_count : 0;
	return way;
}

struct way path_way(const struct sim_world *world, const struct vantage *vantage, uint32_t network)
{
	struct way way = path_near(world, vantage);

	way.far = world_path(world, world_network(world, network)->path);
	way.count += way.far ? way.far->hop_count : 0;
	return way;
}

uint16_t path_router(const struct way *way, unsigned hop, uint32_t flow)
{
	const struct sim_hop *at = hop <= way->near_count
					   ? &way->near->hops[hop - 1]
					   : &way->far->hops[hop - way->near_count - 1];

	if (at->count == 1)
		return at->routers[0];
	return at->routers[chance_key(flow, hop) % at->count];
}

/* At which hop (from 1) of a path a router is; 0: not on it. */
static unsigned hop_on(const struct sim_path *path, uint32_t router)
{
	for (unsigned i = 0; path && i < path->hop_count; i++) {
		for (unsigned k = 0; k < path->hops[i].count; k++) {
			if (path->hops[i].routers[k] == router)
				return i + 1;
		}
	}
	return 0;
}

unsigned path_hop_of(const struct way *way, uint32_t router)
{
	unsigned hop = hop_on(way->near, router);

	if (hop)
		return hop;
	hop = hop_on(way->far, router);
	return hop ? way->near_count + hop : 0;
}

bool path_has(const struct sim_path *path, uint32_t router)
{
	return hop_on(path, router) > 0;
}
