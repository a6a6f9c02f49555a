/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_RUN_RUN_H
#define SIM_RUN_RUN_H

#include "report/record/record.h"
#include "sim/scenario/simulation.h"

/*
 * Runs a vantage in a simulation, in virtual time, with the engine and the inference of
 * the daemon, and passes on its records as they are decided. A simulation can be run once:
 * the time of its world does not go back.
 */
struct run_watcher {
	/* Receives a record, with the time at which it was decided. */
	void (*put)(void *self, const struct record *record, struct bw_now now);
	/* Called for each probe to a host of a target; may be NULL. */
	void (*probe)(void *self, const struct bw_addr *to, struct bw_mono at);
	void *self;
};

struct run_options {
	int64_t until_ns; /* the end of the run; 0: that of the scenario */
	struct run_watcher watcher;
};

/* Probes to sentinels are not counted. */
struct run_result {
	struct bw_mono end;
	uint64_t probes, frames, records;
};

/* Returns 0, -ENOMEM, or an error of roster_init() or vantage_new(). */
int run_simulation(struct simulation *simulation, const struct run_options *options,
		   struct run_result *ret_result, struct bw_err *err);

/* The time on both clocks of the vantage at a time of the world. */
struct bw_now run_now(const struct simulation *simulation, struct bw_mono mono);

/* When a run ends: at the end of the scenario, or before it at until_ns (0: not given). */
struct bw_mono run_end(const struct simulation *simulation, int64_t until_ns);

#endif
