/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_ROUND_H
#define VANTAGE_WATCH_ROUND_ROUND_H

#include "vantage/watch/watch_ops.h"

/* A round of one block, from its first probe to its record. */

/* Begins a round, of a block that has none under way, while the table has room. */
void round_begin(struct watch *watch, uint32_t block);

/* The round goes on: by its timer, or because something is new. Nothing without a round. */
void round_advance(struct watch *watch, uint32_t block);

/* A probe of a round was sent; an outcome came. The round may be over. */
void round_sent(struct watch *watch, const struct probe *probe, struct bw_mono sent);
void round_outcome(struct watch *watch, const struct outcome *outcome);

/* Ends it without a record and without learning from it. Nothing without a round. */
void round_abort(struct watch *watch, uint32_t block);

/* For the functions of watch_ops.h: */

/* Takes a round and prepares it, without a first probe. */
struct round *round_open(struct watch *watch, uint32_t block);

/* An outcome of this round, not of a border: learns from it, and the round goes on. */
void round_take(struct watch *watch, struct round *round, const struct outcome *outcome);

/* Writes a verdict, with its bounds, from the evidence of the round. */
void round_decide(struct watch *watch, uint32_t block, enum bw_verdict to, unsigned reasons);

/* Learns from the round, puts out its record and ends it. */
void round_settle(struct watch *watch, uint32_t block);

/*
 * Why the silence in X proves nothing about BLOCK: a sign of life by its way out must be as young
 * as the moment at which the silence had to be confirmed, or as its youngest probe if the round is
 * given up before that. 0: the way can be trusted.
 */
unsigned round_blind_reasons(struct watch *watch, uint32_t block, const struct evidence_log *x);

#endif
