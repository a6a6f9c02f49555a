/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_TRACING_H
#define VANTAGE_PATH_TRACING_H

#include <blockwatch/transport.h>

#include "base/rng.h"
#include "base/wheel.h"
#include "probe/trace/tracer.h"
#include "vantage/path/path_line.h"
#include "vantage/path/path_record.h"
#include "vantage/path/path_targets.h"

/*
 * The traces of a vantage: which path is traced when, and what follows. Units (path_units.h) that
 * are up are traced now and then, and their baselines learn from it. For units that an event is
 * about, it is sought where their path ends, which goes before. Each trace gives a record.
 */
struct path_tracing_config {
	struct ledger *ledger; /* borrowed, as the next four */
	const struct bw_transport *transport;
	const struct bw_egress *egress;
	const struct path_plan *plan;
	struct pacer *pacer; /* of all probes */
	uint8_t egress_count;
	double rate_pps; /* of all probes; traces get the half */
	uint64_t seed;
	bool repeatable;
};

struct path_tracing {
	struct path_tracing_config config;
	struct ledger *ledger; /* the same as in config */
	struct tracer *tracer;
	struct bw_methods methods;
	struct path_units units;
	struct path_targets targets;
	struct wheel *wheel;          /* when a unit is looked at again */
	struct path_line learn, seek; /* of units */
	struct rng rng;
	uint32_t learning, learning_max; /* traces of units that are up */
	struct bw_mono forget_at;
	struct bw_mono resume_at; /* when paths of units that were dark before are sought */
	struct path_record record;
};

/* Returns 0, -ENOMEM, or what tracer_new() says; fini in both cases. */
int path_tracing_init(struct path_tracing *tracing, const struct path_tracing_config *config,
		      struct bw_err *err);
void path_tracing_fini(struct path_tracing *tracing);

/*
 * UNIT has a baseline of before, and is traced again when that is due. If it is dark, it is sought
 * a little later where its path ends: that is not kept.
 */
void path_tracing_restored(struct path_tracing *tracing, uint32_t unit);

/*
 * The event with this seq is about BLOCK: seeks where its path ends. Nothing is sought without a
 * baseline, nor what was found just now.
 */
void path_tracing_seek(struct path_tracing *tracing, uint32_t block, uint64_t event);

/*
 * An event is about TARGET: paths of its units that were dark before the start, and were not sought
 * since, are sought now.
 */
void path_tracing_seek_target(struct path_tracing *tracing, uint32_t target);

/* A probe of a round has met an error: an unreachable gives silence its kind. */
void path_tracing_hear(struct path_tracing *tracing, const struct outcome *error);

/* Does what is due at the time of the ledger, and when that is next. */
void path_tracing_tick(struct path_tracing *tracing);
struct bw_mono path_tracing_deadline(const struct path_tracing *tracing);

/* Takes a frame. Returns false if it answers no probe of a trace. */
bool path_tracing_receive(struct path_tracing *tracing, const struct bw_rx *rx);

#endif
