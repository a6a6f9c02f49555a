/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_CONTROL_GROUP_H
#define VANTAGE_WATCH_ROUND_CONTROL_GROUP_H

#include "vantage/watch/schedule/schedule.h"

/*
 * Controls are blocks that are up and have a round at once, before another block is called
 * dark. Their answers are signs of life of the vantage. The share of answers that arrive shows
 * loss that hits all blocks.
 */

/*
 * Urges up to 10 controls for the silent BLOCK, whose round is ROUND. They are drawn at random,
 * none twice, in at most 40 draws, from blocks of the same way out that are up, have no round
 * under way and have probes to spare. With three targets or more they are of other targets, and
 * their first probes count as current loss. With fewer they may be siblings, which do not count.
 * Sets has_controls and controls_at of ROUND.
 */
void control_group_ask(struct schedule *schedule, const struct round_table *rounds, uint32_t block,
		       struct round *round);

/* Takes an outcome of ROUND. If that is of a control, its first sent probe counts as loss. */
void control_group_outcome(struct ledger *ledger, struct round *round,
			   const struct outcome *outcome);

/* True for 4 s after controls were urged for ROUND: their answers may still come. */
bool control_group_is_awaited(const struct round *round, struct bw_mono now);

#endif
