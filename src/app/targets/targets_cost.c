/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/targets_cost.h"

#include <inttypes.h>

#include "app/run/config/run_cost.h"
#include "base/addr/special_purpose.h"
#include "infer/params.h"
#include "probe/permit.h"
#include "vantage/roster.h"

#define DAY_S 86400.0
#define SPECIAL "special-purpose addresses"
#define ALLOW ": give --allow-reserved to 'check' to allow them, \"allow_reserved\": true to 'run'"

/* What of a target is not probed, by the reason. */
struct refused {
	uint64_t blocks, part_blocks, hosts;
};

struct cost {
	struct roster roster;
	struct refused blocklist, special;
	bool may_be_allowed; /* something special-purpose: not all are addresses of no host */
	uint64_t blocks;     /* all */
	uint64_t probed;     /* blocks */
	uint64_t unasked;    /* IPv6 networks as a whole, which nobody probes */
	uint64_t hosts;      /* listed */
};

static void count_special(const struct bw_addr *addr, uint64_t *count, struct cost *cost)
{
	++*count;
	cost->may_be_allowed |= !special_purpose_is_no_host(addr);
}

static void count_hosts(const struct bw_target *target, const struct permit *permit,
			struct cost *cost)
{
	for (size_t n = 0; n < target->network_count; n++)
		for (size_t i = 0; i < target->networks[n].host_count; i++) {
			const struct bw_addr *addr = &target->networks[n].hosts[i].addr;
			int refused = permit_check(permit, addr);

			cost->hosts++;
			cost->blocklist.hosts += refused == BW_ERR_BLOCKLISTED;
			if (refused == BW_ERR_SPECIAL_PURPOSE)
				count_special(addr, &cost->special.hosts, cost);
		}
}

static void count_blocks(const struct prefix_set *blocklist, struct cost *cost)
{
	const struct roster *roster = &cost->roster;

	for (uint32_t i = 0; i < roster->block_count; i++) {
		const struct roster_block *block = &roster->blocks[i];
		struct bw_prefix prefix = roster_prefix(roster, i);

		cost->blocks++;
		if (block->host_count > 0) {
			cost->probed++;
			cost->blocklist.part_blocks +=
				blocklist && prefix_set_overlaps(blocklist, &prefix);
		} else if (block->refused == ROSTER_BLOCKLISTED) {
			cost->blocklist.blocks++;
		} else if (block->refused) {
			count_special(&prefix.addr, &cost->special.blocks, cost);
		} else {
			cost->unasked++;
		}
	}
}

static void print_refused(const struct cost *cost, const struct refused *refused, const char *why,
			  FILE *out)
{
	fprintf(out, "Not probed: %" PRIu64 " of %" PRIu64 " blocks, ", refused->blocks,
		cost->blocks);
	if (cost->hosts > 0)
		fprintf(out, "%" PRIu64 " of %" PRIu64 " hosts, ", refused->hosts, cost->hosts);
	if (refused->part_blocks > 0)
		fprintf(out, "a part of %" PRIu64 " more blocks, ", refused->part_blocks);
	fprintf(out, "%s\n", why);
}

/* What `run` does with defaults. Its configuration is the shortest that is valid. */
static int read_defaults(struct conf_run *conf, struct bw_err *err)
{
	static const char text[] = "{\"vantage\": \"v\", \"targets\": [\"t\"]}";

	return conf_run_parse(text, sizeof(text) - 1, "defaults", conf, err);
}

/* Three digits, or all before the point. */
static void print_number(double value, FILE *out)
{
	fprintf(out, value < 100 ? "%.3g" : "%.0f", value);
}

static void print_span(double least, double most, FILE *out)
{
	print_number(least, out);
	if (most <= least)
		return;
	fputs(" to ", out);
	print_number(most, out);
}

static void print_probes(double least, double most, double rate_pps, FILE *out)
{
	fputs("takes ", out);
	print_span(least, most, out);
	fputs(" probes: ", out);
	print_span(least / rate_pps, most / rate_pps, out);
	fprintf(out, " s at %.6g a second", rate_pps);
}

/* One a round for each block, also for one that nobody probes, the target and the vantage. */
static void print_records(const struct cost *cost, double rounds, FILE *out)
{
	uint64_t unprobed = cost->blocks - cost->probed;

	fprintf(out, "; %.0f records a day", ((double)cost->blocks + 2) * rounds);
	if (unprobed > 0)
		fprintf(out, ", %.0f of them of blocks that are not probed",
			(double)unprobed * rounds);
	fputc('\n', out);
}

/* A check asks one host of a block that is up, and up to PROBES_MAX times one that is silent. */
static int print_cost(const struct cost *cost, FILE *out, struct bw_err *err)
{
	double most = (double)cost->probed * infer_params_default().probes_max;
	struct conf_run conf = {0};
	int code = read_defaults(&conf, err);
	struct run_cost run;
	double round_s;

	if (code < 0)
		return code;
	run = run_cost_of(&conf, &cost->roster);
	round_s = (double)conf.round_ns / (double)BW_S;
	fputs("A check ", out);
	print_probes((double)cost->probed, most, conf.rate_pps, out);
	fprintf(out, "\nA round of 'run' (%.6g s) ", round_s);
	print_probes(run.usual_pps * round_s, run.most_pps * round_s, conf.rate_pps, out);
	print_records(cost, DAY_S / round_s, out);
	conf_run_fini(&conf);
	return 0;
}

int targets_cost_print(const struct bw_target *target, const struct prefix_set *blocklist,
		       FILE *out, struct bw_err *err)
{
	struct permit permit = {.blocklist = blocklist};
	struct roster_options options = {.permit = &permit, .seed = 1};
	struct cost cost = {0};
	int code = roster_init(&cost.roster, &target, 1, &options, err);

	if (code < 0)
		return code;
	count_hosts(target, &permit, &cost);
	count_blocks(blocklist, &cost);
	fputc('\n', out);
	if (cost.special.blocks + cost.special.hosts > 0)
		print_refused(&cost, &cost.special, cost.may_be_allowed ? SPECIAL ALLOW : SPECIAL,
			      out);
	if (blocklist)
		print_refused(&cost, &cost.blocklist, "on the block list", out);
	if (cost.unasked > 0)
		fprintf(out, "Not probed: %" PRIu64 " IPv6 network%s without a known host\n",
			cost.unasked, cost.unasked == 1 ? "" : "s");
	code = print_cost(&cost, out, err);
	roster_fini(&cost.roster);
	return code;
}
