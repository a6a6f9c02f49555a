/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_CONDITIONS_H
#define VANTAGE_WATCH_ROUND_CONDITIONS_H

#include "vantage/ledger/ledger.h"
#include "vantage/watch/round/round_table.h"

/*
 * What rounds learn about the conditions of a block (infer/condition), and which extra probes
 * they send for that. The ledger keeps events; a check has no such conditions.
 */

/*
 * Takes any outcome of a block. Returns true when it is a reply of the block's border router,
 * which is no evidence that the block is up.
 */
bool conditions_outcome(struct ledger *ledger, const struct outcome *outcome);

/*
 * A round begins: writes to ROUND which extra probes it sends. No condition is tested while much
 * is lost. CHANCE: 0..1, drawn for this round.
 */
void conditions_plan(const struct ledger *ledger, uint32_t block, struct round *round,
		     double chance);

/*
 * The host of the next extra probe, which the caller adds to round->x as the next piece: first a
 * host that tests a condition, then a cold host. Returns false when no probe or host is left.
 */
bool conditions_pick(const struct ledger *ledger, uint32_t block, struct round *round,
		     uint16_t *ret_host);

/*
 * A round has ended. conditions_learn() comes before hot list and belief learn from the round,
 * and makes silences neutral that say nothing about the block. conditions_apply() comes after
 * that, and writes the conditions to the block; a block that has become border-only is suspect.
 */
void conditions_learn(struct ledger *ledger, uint32_t block, struct round *round);
void conditions_apply(struct ledger *ledger, uint32_t block, const struct round *round);

/* A block went dark: if it is open, .1 is its next cold host, where most border routers are. */
void conditions_seek_border(struct ledger *ledger, uint32_t block);

#endif
