/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/world/inside.h"
#include "sim/truth/chance.h"

bool bucket_take(struct bucket *bucket, double rate_pps, double burst, int64_t at_ns)
{
	double interval = (double)BW_S / rate_pps;
	int64_t tolerance = (int64_t)(interval * (burst > 1 ? burst - 1 : 0));

	if (bucket->due_ns - tolerance > at_ns)
		return false;
	bucket->due_ns = (bucket->due_ns > at_ns ? bucket->due_ns : at_ns) + (int64_t)interval;
	return true;
}

static bool is_bad(const struct sim_line *line, uint64_t key, int64_t at_ns)
{
	double good = (double)line->good_ns, bad = (double)line->bad_ns;
	int64_t tau;

	if (line->bad_ns <= 0)
		return false;
	tau = (int64_t)(good * bad / (good + bad));
	return chance_state(key, at_ns, tau > 0 ? tau : 1, bad / (good + bad));
}

static bool is_scheduled(const struct sim_line *line, int64_t at_ns)
{
	return line->period_ns > 0 && at_ns >= line->first_ns &&
	       (at_ns - line->first_ns) % line->period_ns < line->length_ns;
}

bool line_loses_out(const struct sim_line *line, uint64_t key, int64_t at_ns, struct rng *luck)
{
	if (chance_hit(luck, line->steady.out))
		return true;
	if (line->bad.out > 0 && is_bad(line, key, at_ns) && chance_hit(luck, line->bad.out))
		return true;
	return is_scheduled(line, at_ns) && chance_hit(luck, line->scheduled.out);
}

bool line_loses_back(const struct sim_line *line, uint64_t key, int64_t at_ns, struct rng *luck)
{
	if (chance_hit(luck, line->steady.back))
		return true;
	if (line->bad.back > 0 && is_bad(line, key, at_ns) && chance_hit(luck, line->bad.back))
		return true;
	return is_scheduled(line, at_ns) && chance_hit(luck, line->scheduled.back);
}

/* How much slower than the median this host always is. */
static double host_factor(const struct sim_delay *delay, uint64_t host_key)
{
	if (delay->host_sigma <= 0)
		return 1;
	return exp(delay->host_sigma *
		   chance_normal(chance_unit(rng_mix(host_key)), chance_unit(rng_mix(~host_key))));
}

int64_t line_round_trip(const struct sim_delay *delay, uint64_t block_key, uint64_t host_key,
			struct rng *luck)
{
	int64_t time = delay->base_ns;

	if (delay->spread_ns > 0)
		time += (int64_t)(chance_unit(rng_mix(block_key)) * (double)delay->spread_ns);
	if (delay->median_ns > 0)
		time += chance_lognormal(luck,
					 (double)delay->median_ns * host_factor(delay, host_key),
					 delay->sigma);
	return time;
}
