/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_SENDER_H
#define PROBE_SWEEP_SENDER_H

#include <stdatomic.h>

#include "probe/pacer.h"
#include "probe/packet_source.h"
#include "probe/sweep/sweep_layout.h"
#include "probe/sweep/sweep_log.h"
#include "probe/sweep/sweep_marks.h"
#include "probe/sweep/sweep_rate.h"
#include "probe/sweep/sweep_redo.h"

/*
 * The sending side of a sweep: which places are asked now, how fast, and which are asked
 * again. One thread at a time calls the functions that are not const. The reader may
 * look at the log, the counters and the progress at any time.
 */
enum sweep_phase {
	SWEEP_ASKING,
	SWEEP_WAITING, /* before places are asked again */
	SWEEP_PAUSING, /* between two passes */
	SWEEP_OVER,    /* all is asked */
};

#define SWEEP_NEVER_NS INT64_MAX

struct sweep_sender {
	const struct sweep_layout *layout; /* borrowed, like the marks */
	const struct sweep_marks *marks;   /* the reader's: who has answered */
	struct sweep_log log;
	int64_t pause_ns;
	enum sweep_phase phase;
	uint32_t attempt;
	uint64_t cursor; /* next place of this attempt */
	uint64_t resumed_until; /* an earlier run has asked what lies before it in this attempt */
	struct bw_mono until, last_fill;
	struct pacer pacer;
	double paced_pps;
	struct sweep_rate rate;
	struct sweep_redo redo, coming;
	_Atomic uint64_t claimed, sent, send_errors, refused, again, holds, lost;
	_Atomic uint64_t progress; /* the place that is next */
	_Atomic int64_t over_ns;   /* when the last probe left, SWEEP_NEVER_NS before */
};

/* RATE_PPS as in struct sweep_config. Returns 0 or -ENOMEM; _fini() accepts all zero. */
int sweep_sender_init(struct sweep_sender *sender, const struct sweep_layout *layout,
		      const struct sweep_marks *marks, double rate_pps, int64_t pause_ns,
		      struct bw_mono now);
void sweep_sender_fini(struct sweep_sender *sender);

/*
 * Goes on at a pass and cursor. What lies between CURSOR and UNTIL was asked before: it is asked
 * again where there is no answer. Returns 0 or BW_ERR_VALUE.
 */
int sweep_sender_resume(struct sweep_sender *sender, uint32_t pass, uint64_t cursor,
			uint64_t until);

/* As the functions of struct packet_source_ops. A claim's group is the attempt. */
size_t sweep_sender_claim(struct sweep_sender *sender, struct bw_mono now, size_t max,
			  struct packet_claim *ret_claim);
void sweep_sender_sent(struct sweep_sender *sender, const struct packet_claim *claim,
		       const struct bw_tx *batch, size_t count);
struct bw_mono sweep_sender_deadline(const struct sweep_sender *sender, struct bw_mono now);
void sweep_sender_observe(struct sweep_sender *sender, struct bw_mono now,
			  const struct packet_ring *ring);

/* The attempt that is under way, for the reader. */
uint32_t sweep_sender_attempt(const struct sweep_sender *sender);

static inline uint64_t sweep_sender_load(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

#endif
