/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/truth/way_end.h"

#include "sim/truth/fault_effect.h"

/* The addresses of the routers at a hop (from 1) of a route that may answer. */
static struct sim_way_hop hop_at(const struct paths *paths, const struct route *route, unsigned ttl,
				 int family)
{
	const struct sim_hop *hop = ttl <= route->near_count
					    ? &route->near->hops[ttl - 1]
					    : &route->far->hops[ttl - route->near_count - 1];
	struct sim_way_hop made = {.ttl = (uint8_t)ttl};

	for (unsigned i = 0; i < hop->count; i++) {
		const struct sim_router *router = paths_router(paths, hop->routers[i]);
		const struct bw_addr *addr = family == 4 ? &router->v4 : &router->v6;

		if (addr->family && router->silent < 1)
			made.addrs[made.count++] = *addr;
	}
	return made;
}

/* The nearest hop from TTL on, in steps of STEP up to LAST, that may answer. */
static struct sim_way_hop find_hop(const struct ground_truth *truth, const struct route *route,
				   int ttl, int step, int last, int family)
{
	for (; step > 0 ? ttl <= last : ttl >= last; ttl += step) {
		struct sim_way_hop hop = hop_at(&truth->paths, route, (unsigned)ttl, family);

		if (hop.count)
			return hop;
	}
	return (struct sim_way_hop){.ttl = 0};
}

bool way_end_find(const struct ground_truth *truth, const struct sim_way_query *query,
		  struct sim_way_end *ret_end)
{
	int family = query->addr.family;
	struct sim_block block;
	struct fault_effect effect;
	struct route route;
	uint32_t number;
	int hop;

	if (!blocks_find(&truth->blocks, &query->addr, &number))
		return false;
	block = blocks_get(&truth->blocks, number);
	if (profiles_at(&truth->profiles, block.range->profile)->lan)
		return false;
	route = paths_route_to(&truth->paths, query->vantage_path, block.range->network,
			       query->at_ns);
	effect = fault_effect_of(&truth->faults,
				 &(struct fault_query){query->vantage, &route, &block, &query->addr,
						       query->at_ns});
	hop = (int)(effect.ends ? effect.hop : route.count);
	*ret_end = (struct sim_way_end){
		.ends = effect.ends,
		.kind = effect.kind,
		.last = find_hop(truth, &route, hop, -1, 1, family),
		.next = find_hop(truth, &route, hop + 1, 1, (int)route.count, family),
	};
	return true;
}
