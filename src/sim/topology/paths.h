/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TOPOLOGY_PATHS_H
#define SIM_TOPOLOGY_PATHS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/err.h>
#include <blockwatch/time.h>

#include "base/array.h"

/*
 * Routers, the paths over them, and the path of each network. The route of a probe is
 * the path of the vantage followed by the path of the network. Its hops are numbered
 * from 1, which is the TTL that expires there. Routes change: for an interval, a network
 * has another path.
 */

struct sim_router {
	struct bw_addr v4, v6; /* family 0: silent for that family */
	double silent;         /* the chance not to answer; 1: never answers */
	double errors_pps;     /* the most ICMP errors that it sends (burst 6); 0: no limit */
	bool long_quote;       /* quotes the whole probe, not only 8 bytes behind the IP header */
};

#define SIM_HOPS_MAX 30
#define SIM_PARALLEL_MAX 4

/* The routers at one distance. All packets of a flow meet the same one. */
struct sim_hop {
	uint8_t count; /* from 1 */
	uint16_t routers[SIM_PARALLEL_MAX];
};

/* The hops in order, the one nearest to the vantage first. */
struct sim_path {
	uint8_t hop_count;
	struct sim_hop hops[SIM_HOPS_MAX];
};

/* NETWORK has PATH in [start, end). Of several changes the one that was added last counts. */
struct sim_route_change {
	uint32_t network;
	uint16_t path;
	struct bw_mono start, end;
};

/* By number each. */
struct paths {
	struct array routers;  /* struct sim_router */
	struct array list;     /* struct sim_path */
	struct array networks; /* struct network_path */
	struct array changes;  /* struct path_change */
};

void paths_init(struct paths *paths);
void paths_fini(struct paths *paths);

/*
 * Add a router, a path, or a network behind a path (-1: none). Return its number, or
 * -ENOMEM, BW_ERR_VALUE, BW_ERR_LIMIT (at most UINT16_MAX routers and paths) or
 * BW_ERR_MISSING (a router or path that is not there).
 */
int paths_add_router(struct paths *paths, const struct sim_router *router, struct bw_err *err);
int paths_add(struct paths *paths, const struct sim_path *path, struct bw_err *err);
int paths_add_network(struct paths *paths, int path, struct bw_err *err);

/*
 * Adds a route change. Returns 0, or -ENOMEM, BW_ERR_VALUE (an interval that ends at or before
 * its start), BW_ERR_LIMIT or BW_ERR_MISSING.
 */
int paths_add_change(struct paths *paths, const struct sim_route_change *change,
		     struct bw_err *err);

/* Router N, which exists. */
static inline const struct sim_router *paths_router(const struct paths *paths, uint32_t n)
{
	return (const struct sim_router *)array_at(&paths->routers, n);
}

/* Valid until the next path is added. */
struct route {
	const struct sim_path *near, *far; /* of the vantage, of the network; or NULL */
	unsigned near_count, count;        /* hops of `near`, hops in all */
};

/* The route of a vantage as far as its own path goes (-1: it has none), and to a network. */
struct route paths_route(const struct paths *paths, int vantage_path);
struct route paths_route_to(const struct paths *paths, int vantage_path, uint32_t network,
			    int64_t at_ns);

/* The router that a flow meets at a hop, from 1 to count. */
uint16_t paths_router_at(const struct route *route, unsigned hop, uint32_t flow);

/* The hop of a router on a route; 0 when it is not on it. */
unsigned paths_hop_of(const struct route *route, uint32_t router);

/* Whether the path of a network has a router, also while its route is changed. */
bool paths_crosses(const struct paths *paths, uint32_t network, uint32_t router);

#endif
