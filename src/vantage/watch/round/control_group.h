/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_CONTROL_GROUP_H
#define VANTAGE_WATCH_ROUND_CONTROL_GROUP_H

#include "vantage/watch/schedule/schedule.h"

/*
 * Blocks that are up and have a round at once before another block is called dark. Their
 * answers are signs of life, and the share of them that comes shows loss that hits all.
 */

/*
 * Asks up to 10 controls for the silent BLOCK, whose round is ROUND: up, drawn by lot, without
 * a round under way, and of other targets where there are at least three.
 */
void control_group_ask(struct schedule *schedule, const struct round_table *rounds, uint32_t block,
		       struct round *round);

/* An outcome in the round of a control: of its first probe, it counts as current loss. */
void control_group_outcome(struct ledger *ledger, struct round *round,
			   const struct outcome *outcome);

/* True while the controls of this round may still answer: for 4 s. */
bool control_group_is_awaited(const struct round *round, struct bw_mono now);

#endif
