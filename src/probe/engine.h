/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_ENGINE_H
#define PROBE_ENGINE_H

#include <blockwatch/transport.h>

#include "probe/outcome.h"
#include "probe/pacer.h"
#include "wire/reject.h"

/*
 * The engine: probes in, packets out; frames in, outcomes out. It paces
 * (a global token bucket), builds, sends in batches, pairs replies with probes
 * and keeps listening for late ones. Sans-IO: no clock, no descriptor.
 */
struct engine;

struct engine_config {
	const struct bw_transport *transport; /* borrowed, as the egress table */
	const struct bw_egress *egress;
	uint8_t egress_count;
	const struct bw_method *methods; /* all that probes may use; needed by engine_new() only */
	size_t method_count;
	const char *contact; /* in echo payloads, or NULL; likewise */
	double rate_pps;                  /* global; no mode exceeds it */
	int64_t listen_ns;                /* late replies count for so long */
	uint32_t queue_max;               /* probes that wait for the pacer */
	uint32_t pending_max;             /* probes that are listened for */
	uint64_t seed;                    /* 0: a random token key; else a repeatable one */
	/* Both are called from engine_tick() and engine_receive(), and may submit. Not NULL. */
	void (*on_sent)(void *self, const struct probe *probe, struct bw_mono sent);
	void (*on_outcome)(void *self, const struct outcome *outcome);
	void *self;
};

/* Counters since start, rejected frames by reason. */
struct engine_stats {
	uint64_t submitted, sent, replies, errors, timeouts, voids, late;
	uint64_t rejected[REJECTS];
};

/* Returns 0, -ENOMEM, or what build_template_init() says. */
int engine_new(const struct engine_config *config, struct bw_mono now,
	       struct engine **ret_engine, struct bw_err *err);
void engine_free(struct engine *engine);

/*
 * Queues a probe. 0; BW_ERR_LIMIT when the queue is full, or half full of probes of its way that
 * cannot leave (nothing is lost: ask again); BW_ERR_VALUE for a method or egress that the engine
 * does not have.
 */
int engine_submit(struct engine *engine, const struct probe *probe);

/* Sends what the pacer allows and reports what has timed out. */
void engine_tick(struct engine *engine, struct bw_mono now);

/* When engine_tick() is to be called again at the latest. */
struct bw_mono engine_deadline(const struct engine *engine, struct bw_mono now);

/* One captured frame: an outcome, or a count of why it is none. */
void engine_receive(struct engine *engine, const struct bw_rx *rx);

/* The pacer of all its probes, for others that send by the same rate. */
struct pacer *engine_pacer(struct engine *engine);

/* Probes that wait for the pacer. */
uint32_t engine_queued(const struct engine *engine);

/* Before this a way out takes no probes, and engine_submit() may refuse one; often in the past. */
struct bw_mono engine_held_until(const struct engine *engine, unsigned egress);

void engine_stats(const struct engine *engine, struct engine_stats *ret_stats);

#endif
