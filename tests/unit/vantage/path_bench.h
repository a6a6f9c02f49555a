/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_VANTAGE_PATH_BENCH_H
#define TEST_VANTAGE_PATH_BENCH_H

#include "../probe/way.h"
#include "fixture.h"
#include "vantage/path/path_tracing.h"

/*
 * A ledger of four networks of one block, all up, with three hot hosts each, and a way of
 * PATH_BENCH_ROUTERS routers to them. The clock of both starts at fixture_mono(0).
 */
#define PATH_BENCH_NETWORKS 4
#define PATH_BENCH_ROUTERS 4

struct path_bench {
	struct fixture *fixture;
	struct way *way;
	struct bw_transport transport;
	struct bw_egress egress;
	struct path_plan plan;
};

void path_bench_begin(struct path_bench *bench, bool keeps_events);
void path_bench_end(struct path_bench *bench);

/* What tracing needs; it borrows from BENCH. */
struct path_tracing_config path_bench_config(struct path_bench *bench);

/* Nothing passes the second router but probes to the last network; the others are dark. */
void path_bench_cut(struct path_bench *bench);

/* Sets the time of both. */
void path_bench_set_time(struct path_bench *bench, struct bw_mono now);

#endif
