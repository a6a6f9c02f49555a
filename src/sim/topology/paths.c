/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/topology/paths.h"

#include "base/chance.h"
#include "sim/topology/check.h"

#define NO_PATH UINT16_MAX
#define NO_CHANGE UINT32_MAX

/* The usual path of a network, and the route change that was added last. */
struct network_path {
	uint16_t path;
	uint32_t change; /* NO_CHANGE: none */
};

struct path_change {
	int64_t start_ns, end_ns;
	uint32_t before; /* the change of the same network that was added before; NO_CHANGE: none */
	uint16_t path;
};

void paths_init(struct paths *paths)
{
	paths->routers = array_of(sizeof(struct sim_router));
	paths->list = array_of(sizeof(struct sim_path));
	paths->networks = array_of(sizeof(struct network_path));
	paths->changes = array_of(sizeof(struct path_change));
}

void paths_fini(struct paths *paths)
{
	array_fini(&paths->routers);
	array_fini(&paths->list);
	array_fini(&paths->networks);
	array_fini(&paths->changes);
}

int paths_add_router(struct paths *paths, const struct sim_router *router, struct bw_err *err)
{
	if ((router->v4.family && router->v4.family != 4) ||
	    (router->v6.family && router->v6.family != 6))
		return bw_err_set(err, BW_ERR_VALUE, "router: an address of the other family");
	if (!check_chance(router->silent) || !check_rate(router->errors_pps))
		return bw_err_set(err, BW_ERR_VALUE,
				  "router: silent from 0 to 1, errors 0 or from 0.001 a second");
	return array_put(&paths->routers, router, UINT16_MAX, err);
}

static int check_hop(const struct paths *paths, const struct sim_hop *hop, struct bw_err *err)
{
	if (hop->count == 0 || hop->count > SIM_PARALLEL_MAX)
		return bw_err_set(err, BW_ERR_VALUE, "a hop has 1 to %d routers", SIM_PARALLEL_MAX);
	for (unsigned i = 0; i < hop->count; i++) {
		if (hop->routers[i] >= paths->routers.count)
			return bw_err_set(err, BW_ERR_MISSING, "no router %u", hop->routers[i]);
	}
	return 0;
}

int paths_add(struct paths *paths, const struct sim_path *path, struct bw_err *err)
{
	if (path->hop_count > SIM_HOPS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d hops", SIM_HOPS_MAX);
	for (unsigned i = 0; i < path->hop_count; i++) {
		int rc = check_hop(paths, &path->hops[i], err);

		if (rc < 0)
			return rc;
	}
	return array_put(&paths->list, path, UINT16_MAX, err);
}

int paths_add_network(struct paths *paths, int path, struct bw_err *err)
{
	struct network_path network = {path < 0 ? NO_PATH : (uint16_t)path, NO_CHANGE};

	if (path >= (int)paths->list.count)
		return bw_err_set(err, BW_ERR_MISSING, "no path %d", path);
	return array_put(&paths->networks, &network, UINT32_MAX, err);
}

int paths_add_change(struct paths *paths, const struct sim_route_change *change, struct bw_err *err)
{
	struct path_change item = {
		.start_ns = change->start.ns,
		.end_ns = change->end.ns,
		.path = change->path,
	};
	struct network_path *network;
	int rc = check_interval(change->start, change->end, err);

	if (rc < 0)
		return rc;
	if (change->network >= paths->networks.count || change->path >= paths->list.count)
		return bw_err_set(err, BW_ERR_MISSING, "no network %u or no path %u",
				  change->network, change->path);
	network = array_at(&paths->networks, change->network);
	item.before = network->change;
	rc = array_put(&paths->changes, &item, INT32_MAX, err);
	if (rc < 0)
		return rc;
	network->change = (uint32_t)rc;
	return 0;
}

/* NULL for NO_PATH. */
static const struct sim_path *path_at(const struct paths *paths, uint16_t n)
{
	return n == NO_PATH ? NULL : (const struct sim_path *)array_at(&paths->list, n);
}

static const struct network_path *network_at(const struct paths *paths, uint32_t n)
{
	return (const struct network_path *)array_at(&paths->networks, n);
}

static const struct path_change *change_at(const struct paths *paths, uint32_t n)
{
	return n == NO_CHANGE ? NULL : (const struct path_change *)array_at(&paths->changes, n);
}

static const struct sim_path *path_of_network(const struct paths *paths, uint32_t number,
					      int64_t at_ns)
{
	const struct network_path *network = network_at(paths, number);
	const struct path_change *change = change_at(paths, network->change);

	for (; change; change = change_at(paths, change->before)) {
		if (change->start_ns <= at_ns && at_ns < change->end_ns)
			return path_at(paths, change->path);
	}
	return path_at(paths, network->path);
}

struct route paths_route(const struct paths *paths, int vantage_path)
{
	struct route route = {.far = NULL};

	if (vantage_path >= 0)
		route.near = path_at(paths, (uint16_t)vantage_path);
	route.near_count = route.count = route.near ? route.near->hop_count : 0;
	return route;
}

struct route paths_route_to(const struct paths *paths, int vantage_path, uint32_t network,
			    int64_t at_ns)
{
	struct route route = paths_route(paths, vantage_path);

	route.far = path_of_network(paths, network, at_ns);
	route.count += route.far ? route.far->hop_count : 0;
	return route;
}

uint16_t paths_router_at(const struct route *route, unsigned hop, uint32_t flow)
{
	const struct sim_hop *at = hop <= route->near_count
					   ? &route->near->hops[hop - 1]
					   : &route->far->hops[hop - route->near_count - 1];

	if (at->count == 1)
		return at->routers[0];
	return at->routers[chance_key(flow, hop) % at->count];
}

/* The hop (from 1) of a router on a path; 0: not on it. */
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

unsigned paths_hop_of(const struct route *route, uint32_t router)
{
	unsigned hop = hop_on(route->near, router);

	if (hop)
		return hop;
	hop = hop_on(route->far, router);
	return hop ? route->near_count + hop : 0;
}

bool paths_crosses(const struct paths *paths, uint32_t number, uint32_t router)
{
	const struct network_path *network = network_at(paths, number);
	const struct path_change *change = change_at(paths, network->change);

	for (; change; change = change_at(paths, change->before)) {
		if (hop_on(path_at(paths, change->path), router) == 0)
			return false;
	}
	return hop_on(path_at(paths, network->path), router) > 0;
}
