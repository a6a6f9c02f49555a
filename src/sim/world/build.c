/* SPDX-License-Identifier: Apache-2.0 */
/* What a world is made of, taken in and checked: parts that stand by themselves. */
#include <stdlib.h>

#include "sim/topology/check.h"
#include "sim/world/inside.h"

#define HOST_TTL_MIN 64 /* more than the longest way */

int64_t sim_tau_of_on_time(int64_t on_ns, double availability)
{
	return (int64_t)((double)on_ns * (1 - availability));
}

static int put(struct array *array, const void *item, struct bw_err *err)
{
	int rc;

	if (array->count >= UINT16_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d of these", UINT16_MAX);
	rc = array_add(array, item);
	return rc < 0 ? bw_err_set(err, rc, "out of memory") : rc;
}

static bool is_hour(double hour)
{
	return hour >= 0 && hour <= 24;
}

int sim_world_add_host_kind(struct sim_world *world, const struct sim_host_kind *kind,
			    struct bw_err *err)
{
	const struct sim_rest *rest = &kind->rest;

	if (!(kind->availability > 0 && kind->availability <= 1))
		return bw_err_set(err, BW_ERR_VALUE, "availability %g: above 0, at most 1",
				  kind->availability);
	if (kind->tau_ns < 0)
		return bw_err_set(err, BW_ERR_VALUE, "tau: not below 0");
	if (!check_chance(kind->miss) || !check_chance(rest->share))
		return bw_err_set(err, BW_ERR_VALUE, "miss, rest: a chance is from 0 to 1");
	if (!is_hour(rest->from_hour) || !is_hour(rest->to_hour) || !is_hour(rest->jitter_hours))
		return bw_err_set(err, BW_ERR_VALUE, "rest: hours are from 0 to 24");
	if (rest->days > 0x7f || abs(rest->utc_offset_s) > 86400)
		return bw_err_set(err, BW_ERR_VALUE, "rest: seven days, and a day of offset");
	if (kind->port_count > SIM_PORTS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d open ports", SIM_PORTS_MAX);
	if (kind->ttl && kind->ttl < HOST_TTL_MIN)
		return bw_err_set(err, BW_ERR_VALUE, "ttl %d: at least %d", kind->ttl,
				  HOST_TTL_MIN);
	return put(&world->kinds, kind, err);
}

static int check_groups(const struct sim_world *world, const struct sim_profile *profile,
			struct bw_err *err)
{
	if (profile->group_count > SIM_GROUPS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d groups", SIM_GROUPS_MAX);
	for (unsigned i = 0; i < profile->group_count; i++) {
		if (profile->groups[i].kind >= world->kinds.count)
			return bw_err_set(err, BW_ERR_MISSING, "no host kind %u",
					  profile->groups[i].kind);
	}
	return 0;
}

int sim_world_add_profile(struct sim_world *world, const struct sim_profile *profile,
			  struct bw_err *err)
{
	int rc = check_groups(world, profile, err);

	if (rc >= 0)
		rc = check_delay(&profile->delay, err);
	if (rc >= 0)
		rc = check_line(&profile->line, err);
	if (rc >= 0)
		rc = check_mischief(&profile->mischief, err);
	if (rc < 0)
		return rc;
	if (!check_rate(profile->limit_pps) ||
	    !(profile->limit_burst >= 0 && profile->limit_burst <= 1e6))
		return bw_err_set(err, BW_ERR_VALUE,
				  "limit: 0, or a rate from 0.001, burst to 10^6");
	if (profile->renumber_ns < 0)
		return bw_err_set(err, BW_ERR_VALUE, "renumber: not below 0");
	return put(&world->profiles, profile, err);
}

int sim_world_add_router(struct sim_world *world, const struct sim_router *router,
			 struct bw_err *err)
{
	struct router item = {.config = *router};

	if ((router->v4.family && router->v4.family != 4) ||
	    (router->v6.family && router->v6.family != 6))
		return bw_err_set(err, BW_ERR_VALUE, "router: an address of the other family");
	if (!check_chance(router->silent) || !check_rate(router->errors_pps))
		return bw_err_set(err, BW_ERR_VALUE,
				  "router: silent from 0 to 1, errors 0 or from 0.001 a second");
	return put(&world->routers, &item, err);
}

static int check_hop(const struct sim_world *world, const struct sim_hop *hop, struct bw_err *err)
{
	if (hop->count == 0 || hop->count > SIM_PARALLEL_MAX)
		return bw_err_set(err, BW_ERR_VALUE, "a hop has 1 to %d routers", SIM_PARALLEL_MAX);
	for (unsigned i = 0; i < hop->count; i++) {
		if (hop->routers[i] >= world->routers.count)
			return bw_err_set(err, BW_ERR_MISSING, "no router %u", hop->routers[i]);
	}
	return 0;
}

int sim_world_add_path(struct sim_world *world, const struct sim_path *path, struct bw_err *err)
{
	if (path->hop_count > SIM_HOPS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d hops", SIM_HOPS_MAX);
	for (unsigned i = 0; i < path->hop_count; i++) {
		int rc = check_hop(world, &path->hops[i], err);

		if (rc < 0)
			return rc;
	}
	return put(&world->paths, path, err);
}

int sim_world_add_network(struct sim_world *world, int path, struct bw_err *err)
{
	struct network network = {.path = path < 0 ? NO_PATH : (uint16_t)path};
	int rc;

	if (path >= (int)world->paths.count)
		return bw_err_set(err, BW_ERR_MISSING, "no path %d", path);
	rc = array_add(&world->networks, &network);
	return rc < 0 ? bw_err_set(err, rc, "out of memory") : rc;
}
