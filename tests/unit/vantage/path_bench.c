/* SPDX-License-Identifier: Apache-2.0 */
#include "path_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lines[] = "a 198.18.0.0/24 3\na 198.18.1.0/24 3\na 198.18.2.0/24 3\n"
			    "a 198.18.3.0/24 3\n";

void path_bench_begin(struct path_bench *bench, bool keeps_events)
{
	static const uint16_t hosts[] = {0, 1, 2};

	*bench = (struct path_bench){
		.fixture = fixture_new(lines, keeps_events),
		.way = way_new(PATH_BENCH_ROUTERS),
		.egress = {.source = sample_addr("198.18.200.1")},
		.plan = {.every_ns = 60 * BW_S},
	};
	bench->transport = way_transport(bench->way);
	path_bench_set_time(bench, fixture_mono(0));
	for (uint32_t block = 0; block < PATH_BENCH_NETWORKS; block++) {
		ledger_seed_hosts(bench->fixture->ledger, block, hosts, 3, .9F, .1F);
		bench->fixture->ledger->blocks[block].verdict = BW_UP;
		bench->fixture->ledger->blocks[block].last_answer = fixture_mono(0);
	}
}

void path_bench_end(struct path_bench *bench)
{
	way_free(bench->way);
	fixture_free(bench->fixture);
}

struct path_tracing_config path_bench_config(struct path_bench *bench)
{
	return (struct path_tracing_config){
		.ledger = bench->fixture->ledger,
		.transport = &bench->transport,
		.egress = &bench->egress,
		.plan = &bench->plan,
		.egress_count = 1,
		.rate_pps = 1000,
		.seed = 1,
		.repeatable = true,
	};
}

void path_bench_cut(struct path_bench *bench)
{
	bench->way->cut = 2;
	assert_int_equal(bw_prefix_parse("198.18.3.0/24", &bench->way->exempt, NULL), 0);
	for (uint32_t block = 0; block + 1 < PATH_BENCH_NETWORKS; block++)
		bench->fixture->ledger->blocks[block].verdict = BW_DARK;
}

void path_bench_set_time(struct path_bench *bench, struct bw_mono now)
{
	bench->way->now = now;
	fixture_set_time(bench->fixture,
			 (double)bw_mono_since(now, fixture_mono(0)) / (double)BW_S);
}
