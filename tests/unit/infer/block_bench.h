/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_BLOCK_BENCH_H
#define TEST_BLOCK_BENCH_H

#include "infer/step.h"
#include "infer/verdict.h"

/* A round of one block whose probes all end in the same way. */

#define HOSTS 5

static inline struct bw_mono ms(int64_t milliseconds)
{
	return (struct bw_mono){milliseconds * BW_MS};
}

/* An outcome of the probe that is piece INDEX of the log. */
struct outcome block_bench_outcome_of(const struct evidence_log *log, unsigned index,
				      enum outcome_kind kind);

/* Decides that the block is UP or DARK. Returns whether its verdict changed. */
bool block_bench_decide(struct block *block, const struct evidence_log *log, enum bw_verdict to,
			int64_t at_ms, struct verdict_change *change);

/* Probes as step_next() says; every probe ends in KIND after 3 s. Returns the last step. */
struct step block_bench_play(struct block *block, struct evidence_log *log, struct outcome kind);

#endif
