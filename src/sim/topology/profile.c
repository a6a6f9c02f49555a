/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/topology/profile.h"

#include <stdlib.h>

#include "sim/topology/check.h"

#define HOST_TTL_MIN 64 /* more than the longest path */

int64_t sim_tau_of_on_time(int64_t on_ns, double availability)
{
	return (int64_t)((double)on_ns * (1 - availability));
}

void profiles_init(struct profiles *profiles)
{
	profiles->kinds = array_of(sizeof(struct sim_host_kind));
	profiles->list = array_of(sizeof(struct sim_profile));
}

void profiles_fini(struct profiles *profiles)
{
	array_fini(&profiles->kinds);
	array_fini(&profiles->list);
}

static bool is_hour(double hour)
{
	return hour >= 0 && hour <= 24;
}

int profiles_add_kind(struct profiles *profiles, const struct sim_host_kind *kind,
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
	return array_put(&profiles->kinds, kind, UINT16_MAX, err);
}

static int check_impairment(const struct sim_impairment *impairment, struct bw_err *err)
{
	if (!check_chance(impairment->duplicate) || !check_chance(impairment->late) ||
	    !check_chance(impairment->replayed) || !check_chance(impairment->alias) ||
	    !check_chance(impairment->corrupt))
		return bw_err_set(err, BW_ERR_VALUE, "mischief: a chance is from 0 to 1");
	if (impairment->copies_max > 1000)
		return bw_err_set(err, BW_ERR_LIMIT, "at most 1000 copies");
	if (impairment->late_min_ns < 0 || impairment->late_max_ns < impairment->late_min_ns ||
	    impairment->replay_min_ns < 0 || impairment->replay_max_ns < impairment->replay_min_ns)
		return bw_err_set(err, BW_ERR_VALUE, "mischief: a delay ends before it starts");
	return 0;
}

static int check_groups(const struct profiles *profiles, const struct sim_profile *profile,
			struct bw_err *err)
{
	if (profile->group_count > SIM_GROUPS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d groups", SIM_GROUPS_MAX);
	for (unsigned i = 0; i < profile->group_count; i++) {
		if (profile->groups[i].kind >= profiles->kinds.count)
			return bw_err_set(err, BW_ERR_MISSING, "no host kind %u",
					  profile->groups[i].kind);
	}
	return 0;
}

int profiles_add(struct profiles *profiles, const struct sim_profile *profile, struct bw_err *err)
{
	int rc = check_groups(profiles, profile, err);

	if (rc >= 0)
		rc = sim_link_check_delay(&profile->delay, err);
	if (rc >= 0)
		rc = sim_link_check(&profile->link, err);
	if (rc >= 0)
		rc = check_impairment(&profile->impairment, err);
	if (rc < 0)
		return rc;
	if (!check_rate(profile->limit_pps) ||
	    !(profile->limit_burst >= 0 && profile->limit_burst <= 1e6))
		return bw_err_set(err, BW_ERR_VALUE,
				  "limit: 0, or a rate from 0.001, burst to 10^6");
	if (profile->renumber_ns < 0)
		return bw_err_set(err, BW_ERR_VALUE, "renumber: not below 0");
	return array_put(&profiles->list, profile, UINT16_MAX, err);
}
