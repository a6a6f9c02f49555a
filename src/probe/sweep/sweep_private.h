/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_PRIVATE_H
#define PROBE_SWEEP_PRIVATE_H

#include "probe/pacer.h"
#include "probe/sweep/sweep.h"
#include "probe/sweep/sweep_log.h"
#include "probe/sweep/sweep_marks.h"
#include "probe/sweep/sweep_order.h"
#include "probe/sweep/sweep_rate.h"
#include "probe/sweep/sweep_redo.h"
#include "wire/build.h"
#include "wire/reply.h"

/* Shared by the files of the sweep engine, nobody else's business; the essay is in sweep.c. */

#define SWEEP_SLOT_NS (16 * BW_S)
#define SWEEP_SLOT_SHIFT 40
#define SWEEP_NEVER_NS INT64_MAX

enum sweep_phase {
	SWEEP_ASKING,
	SWEEP_WAITING, /* before places are asked again */
	SWEEP_PAUSING, /* between two passes */
	SWEEP_OVER,    /* all asked */
};

struct sweep {
	struct sweep_config config;
	struct bw_methods methods;
	struct sweep_order order;
	struct sweep_log log;
	struct sweep_marks marks;
	uint64_t span; /* places of a turn: share * methods */
	uint32_t turns_a_pass;
	struct build_template templates[2][BW_METHODS_MAX]; /* IPv4, IPv6 */
	int egress_v4, egress_v6;                           /* -1: none */

	/* The sender's. */
	enum sweep_phase phase;
	uint32_t turn;
	uint64_t cursor; /* next place of this turn */
	struct bw_mono until, last_fill, over;
	struct pacer pacer;
	double paced_pps;
	struct sweep_rate rate;
	struct sweep_redo redo, coming;
	_Atomic uint64_t claimed, sent, send_errors, refused, again, holds, lost;
	_Atomic uint64_t progress; /* turn * span + cursor */
	_Atomic int64_t over_ns;   /* when the last probe left, SWEEP_NEVER_NS before */

	/* The reader's. */
	struct sweep_stats stats;
};

static inline uint64_t sweep_load(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static inline uint32_t sweep_pass_of(const struct sweep *sweep, uint32_t turn)
{
	return turn / sweep->turns_a_pass;
}

static inline uint32_t sweep_layer_of(const struct sweep *sweep, uint32_t pass, unsigned method)
{
	return pass * sweep->methods.count + method;
}

static inline uint64_t sweep_place_of(const struct sweep *sweep, uint32_t turn, uint64_t cursor)
{
	return turn * sweep->span + cursor;
}

static inline uint64_t sweep_nonce_of(uint32_t turn, struct bw_mono at)
{
	return (uint64_t)(at.ns / SWEEP_SLOT_NS) << SWEEP_SLOT_SHIFT | turn;
}

/* What was found out about the probe that is answered. */
struct sweep_match {
	uint64_t number;
	unsigned method;
	uint32_t turn;
	struct bw_mono sent;
};

/* Counts an answer and marks its address; false for a second copy. */
bool sweep_count(struct sweep *sweep, const struct sweep_match *match, bool *ret_is_new);

#endif
