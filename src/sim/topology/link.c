/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/topology/link.h"

#include <math.h>

#include <blockwatch/time.h>

#include "base/chance.h"
#include "sim/topology/check.h"

int sim_link_check_loss(const struct sim_loss *loss, struct bw_err *err)
{
	if (!check_chance(loss->out) || !check_chance(loss->back))
		return bw_err_set(err, BW_ERR_VALUE, "loss out %g, back %g: from 0 to 1", loss->out,
				  loss->back);
	return 0;
}

int sim_link_check(const struct sim_link *link, struct bw_err *err)
{
	int rc = sim_link_check_loss(&link->steady, err);

	if (rc >= 0)
		rc = sim_link_check_loss(&link->bad, err);
	if (rc >= 0)
		rc = sim_link_check_loss(&link->scheduled, err);
	if (rc < 0)
		return rc;
	if (link->bad_ns < 0 || (link->bad_ns > 0 && link->good_ns <= 0))
		return bw_err_set(err, BW_ERR_VALUE, "bursts: both states need a length");
	if (link->period_ns < 0 || link->length_ns < 0 || link->length_ns > link->period_ns)
		return bw_err_set(err, BW_ERR_VALUE, "scheduled loss is longer than its period");
	return 0;
}

int sim_link_check_delay(const struct sim_delay *delay, struct bw_err *err)
{
	if (delay->base_ns < 0 || delay->spread_ns < 0 || delay->median_ns < 0 ||
	    !(delay->sigma >= 0 && delay->sigma <= 10) ||
	    !(delay->host_sigma >= 0 && delay->host_sigma <= 10))
		return bw_err_set(err, BW_ERR_VALUE, "delay: not below 0, sigma at most 10");
	return 0;
}

static bool is_bad(const struct sim_link *link, uint64_t key, int64_t at_ns)
{
	double good = (double)link->good_ns, bad = (double)link->bad_ns;
	int64_t tau;

	if (link->bad_ns <= 0)
		return false;
	tau = (int64_t)(good * bad / (good + bad));
	return chance_state(key, at_ns, tau > 0 ? tau : 1, bad / (good + bad));
}

static bool is_scheduled(const struct sim_link *link, int64_t at_ns)
{
	return link->period_ns > 0 && at_ns >= link->first_ns &&
	       (at_ns - link->first_ns) % link->period_ns < link->length_ns;
}

bool sim_link_loses_out(const struct sim_link *link, uint64_t key, int64_t at_ns, struct rng *rng)
{
	if (chance_hit(rng, link->steady.out))
		return true;
	if (link->bad.out > 0 && is_bad(link, key, at_ns) && chance_hit(rng, link->bad.out))
		return true;
	return is_scheduled(link, at_ns) && chance_hit(rng, link->scheduled.out);
}

bool sim_link_loses_back(const struct sim_link *link, uint64_t key, int64_t at_ns, struct rng *rng)
{
	if (chance_hit(rng, link->steady.back))
		return true;
	if (link->bad.back > 0 && is_bad(link, key, at_ns) && chance_hit(rng, link->bad.back))
		return true;
	return is_scheduled(link, at_ns) && chance_hit(rng, link->scheduled.back);
}

/* The constant factor between a host's median and the median of all. */
static double host_factor(const struct sim_delay *delay, uint64_t host_key)
{
	if (delay->host_sigma <= 0)
		return 1;
	return exp(delay->host_sigma *
		   chance_normal(chance_unit(rng_mix(host_key)), chance_unit(rng_mix(~host_key))));
}

int64_t sim_link_round_trip(const struct sim_delay *delay, uint64_t block_key, uint64_t host_key,
			    struct rng *rng)
{
	int64_t time = delay->base_ns;

	if (delay->spread_ns > 0)
		time += (int64_t)(chance_unit(rng_mix(block_key)) * (double)delay->spread_ns);
	if (delay->median_ns > 0)
		time += chance_lognormal(rng,
					 (double)delay->median_ns * host_factor(delay, host_key),
					 delay->sigma);
	return time;
}
