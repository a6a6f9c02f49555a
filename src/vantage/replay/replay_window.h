/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_WINDOW_H
#define VANTAGE_REPLAY_WINDOW_H

#include "infer/block.h"

/*
 * The evidence of a block whose verdict is in question. While the block is up: the silences
 * since its last answer. While it is down: the first and the last answer of what may be its
 * return.
 */
#define REPLAY_WINDOW_STRAYS 8

struct replay_window {
	struct evidence_log x;
	struct evidence strays[REPLAY_WINDOW_STRAYS]; /* silences from before the last answer */
	uint8_t stray_count;
	uint8_t silences; /* while down: since the last answer */
};

/*
 * Adds a probe that was sent at SENT to a log and returns its index. Nobody paces the probes
 * of a capture, so there may be more than a log holds: then the oldest repetition goes into
 * the prior with the weight that it has.
 */
unsigned replay_window_add(struct evidence_log *x, const struct evidence *evidence,
			   struct bw_mono sent);

/* A silence of a probe that was sent before the last answer. One too many is forgotten. */
void replay_window_add_stray(struct replay_window *window, const struct evidence *evidence);

/* Moves the strays, and what was sent no later than SENT, to the end of ANSWERED. */
void replay_window_move(struct replay_window *window, struct evidence_log *answered,
			struct bw_mono sent);

/* Adds all probes of FROM to TO, as they are settled. */
void replay_window_copy(struct evidence_log *to, const struct evidence_log *from);

/* True when a probe to HOST is in the log. */
bool replay_window_has(const struct evidence_log *x, uint16_t host);

#endif
