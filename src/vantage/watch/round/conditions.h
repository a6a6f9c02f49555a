/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_CONDITIONS_H
#define VANTAGE_WATCH_ROUND_CONDITIONS_H

#include "vantage/ledger/ledger.h"
#include "vantage/watch/round/round_table.h"

/*
 * What rounds learn of the conditions of a block (infer/condition), and which extra probes
 * they send for that. The ledger keeps events: a check has no conditions of this kind.
 */

/* Takes any outcome of a block. True: the border router replied, which is no evidence. */
bool conditions_outcome(struct ledger *ledger, const struct outcome *outcome);

/* A round begins: which extra probes it should send. CHANCE: 0..1, drawn for this round. */
void conditions_plan(const struct ledger *ledger, uint32_t block, struct round *round,
		     double chance);

/* The host of the next extra probe; its piece in the log will be the next. False: none left. */
bool conditions_pick(const struct ledger *ledger, uint32_t block, struct round *round,
		     uint16_t *ret_host);

/* A round has ended: before, and after, hot list and belief learn from it. */
void conditions_learn(struct ledger *ledger, uint32_t block, struct round *round);
void conditions_apply(struct ledger *ledger, uint32_t block, const struct round *round);

/* A block went dark: of its cold hosts, the address that most borders have is asked next. */
void conditions_seek_border(struct ledger *ledger, uint32_t block);

#endif
