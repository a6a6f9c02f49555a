/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_RUN_RUN_H
#define SIM_RUN_RUN_H

#include "report/record/record.h"
#include "sim/scenario/simulation.h"

/*
 * Lets one vantage watch a simulation in virtual time, with the very engine and
 * inference of the daemon, and hands out its records as they are decided. A simulation
 * is used up by it: time in its world does not go back.
 */
struct run_watcher {
	/* A record, and the moment at which it came. */
	void (*put)(void *self, const struct record *record, struct bw_now now);
	/* A probe to a host of a target leaves; may be NULL. */
	void (*probe)(void *self, const struct bw_addr *to, struct bw_mono at);
	void *self;
};

struct run_options {
	int64_t until_ns; /* ends then; 0: when the scenario does */
	struct run_watcher watcher;
};

/* Sentinels are not counted among the probes. */
struct run_result {
	struct bw_mono end;
	uint64_t probes, frames, records;
};

/* Returns 0, -ENOMEM, or what roster_init() and vantage_new() say. */
int run_simulation(struct simulation *simulation, const struct run_options *options,
		   struct run_result *ret_result, struct bw_err *err);

/* The time on both clocks of the vantage. */
struct bw_now run_now(const struct simulation *simulation, struct bw_mono mono);

/* When a run ends: the earlier of the scenario's end and until_ns (0: none). */
struct bw_mono run_end(const struct simulation *simulation, int64_t until_ns);

#endif
