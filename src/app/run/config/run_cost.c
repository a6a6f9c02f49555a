/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/config/run_cost.h"

#include "app/common/log.h"

#define HOUR_S 3600.0

static double count_blocks(const struct roster *roster, uint32_t target)
{
	struct roster_range range = roster_target_blocks(roster, target);
	uint32_t count = 0;

	for (uint32_t block = range.first; block < range.end; block++)
		count += roster->blocks[block].host_count > 0;
	return count;
}

static bool has_refused(const struct roster *roster, uint32_t target)
{
	struct roster_range range = roster_target_blocks(roster, target);

	for (uint32_t block = range.first; block < range.end; block++)
		if (roster_refused(roster, block) < 0)
			return true;
	return false;
}

struct run_cost run_cost_of(const struct conf_run *conf, const struct roster *roster)
{
	struct run_cost cost = {.rate_pps = conf->rate_pps};

	for (uint32_t i = 0; i < roster->target_count; i++) {
		const struct conf_run_target *target = &conf->targets.list[i];
		double blocks = count_blocks(roster, i);
		double round_s = (double)target->round_ns / (double)BW_S;
		double limit_pps = target->limits.probes_per_block_hour / HOUR_S;

		cost.blocks += blocks;
		cost.refused = cost.refused || has_refused(roster, i);
		cost.usual_pps += blocks * (limit_pps < 1 / round_s ? limit_pps : 1 / round_s);
		cost.most_pps += blocks * limit_pps;
	}
	cost.round_s = cost.blocks / cost.rate_pps;
	return cost;
}

bool run_cost_is_over(const struct run_cost *cost)
{
	return cost->usual_pps > cost->rate_pps;
}

void run_cost_print(const struct run_cost *cost, FILE *out)
{
	fprintf(out,
		"\n%.0f %s: %.3g probes a second while all answer, up to %.3g while all are in "
		"question;\nthe rate is %.6g. A probe to each block takes %.3g s at this rate.\n",
		cost->blocks, cost->blocks == 1 ? "block" : "blocks", cost->usual_pps,
		cost->most_pps, cost->rate_pps, cost->round_s);
}

/* A configuration has at least one target. */
static void warn_of_nothing(const struct conf_run *conf, const struct run_cost *cost)
{
	const struct keys_place *place = &conf->targets.list[0].place;
	struct bw_err err;

	bw_err_set(&err, BW_ERR_VALUE, "warning: nothing is watched: no %s",
		   cost->refused ? "block of any target may be probed"
				 : "host of any target is known: list some in its file");
	bw_err_place(&err, place->file, place->line, place->column, "targets[0]");
	log_error("run", &err);
}

void run_cost_warn(const struct conf_run *conf, const struct run_cost *cost)
{
	const struct keys_place *place = &conf->places.rate;
	struct bw_err err;

	if (cost->blocks == 0)
		warn_of_nothing(conf, cost);
	if (!run_cost_is_over(cost))
		return;
	bw_err_set(&err, BW_ERR_VALUE,
		   "warning: %.6g packets a second are too few for %.0f blocks, which need %.3g, "
		   "so rounds will take longer: raise \"rate\", or lengthen \"round\"",
		   cost->rate_pps, cost->blocks, cost->usual_pps);
	bw_err_place(&err, place->file ? place->file : conf->files.list[0].text, place->line,
		     place->column, "rate");
	log_error("run", &err);
}
