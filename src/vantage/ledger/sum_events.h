/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_SUM_EVENTS_H
#define VANTAGE_LEDGER_SUM_EVENTS_H

#include "vantage/ledger/ledger.h"

/* Verdicts of networks and targets, and their events. All of it needs keeps_events. */

/* What a block counts as in its network. */
struct sums_member sum_events_member(const struct ledger *ledger, uint32_t block);

/*
 * BLOCK counted as WAS and is now what CHANGE made of it: its network and its target take the
 * verdicts that follow, each with an event.
 */
void sum_events_follow(struct ledger *ledger, uint32_t block, const struct sums_member *was,
		       const struct verdict_change *change);

/*
 * Once a round of TARGET: its networks and itself tell by an event what they have become by a
 * reload, which added or removed parts.
 */
void sum_events_reconcile(struct ledger *ledger, uint32_t target);

/*
 * The change of BLOCK to dark, event number CAUSE (0: it had none), was withdrawn: the block was up
 * all the time, and CHANGE says so. Events of its network and target that came of it are
 * withdrawn, too; what then is not yet told follows as an event.
 */
void sum_events_withdraw(struct ledger *ledger, uint32_t block, uint64_t cause,
			 const struct verdict_change *change);

#endif
