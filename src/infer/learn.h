/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_LEARN_H
#define INFER_LEARN_H

#include "infer/block.h"
#include "probe/outcome.h"

/* What a block learns from outcomes and from whole rounds. */

/*
 * Whether OUTCOME is a "prohibited" from inside the block of the probed host: its own filter, so
 * the block is alive. One from outside shows only that the way ends there: it counts as silence.
 */
bool learn_shows_filter(const struct outcome *outcome);

/*
 * Takes the outcome of a probe of this block, which is piece INDEX of its log. Returns false
 * when it is not of that piece, and changes nothing then.
 */
bool learn_outcome(struct block *block, struct evidence_log *log, unsigned index,
		   const struct outcome *outcome);

/*
 * At the end of a round: the belief follows the evidence. If the block was up, the hot list
 * learns from its probes.
 */
void learn_round(struct block *block, const struct evidence_log *log, struct bw_mono now);

#endif
