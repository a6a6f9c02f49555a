/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_EVENTS_H
#define VANTAGE_LEDGER_EVENTS_H

#include "vantage/ledger/ledger.h"

/*
 * Verdicts of blocks. Whoever decides calls here, so that with each verdict the event goes
 * out, and network and target follow at once. A ledger that does not keep events only writes
 * the verdict.
 */

/* Writes DECISION, whose bounds the caller knows. */
void events_decide(struct ledger *ledger, uint32_t block, const struct verdict_decision *decision);

/* After each round: a flapping block that has settled is up or dark. Needs keeps_events. */
void events_settle(struct ledger *ledger, uint32_t block);

/*
 * A late REPLY disproves dark when its probe was sent after the earliest start of the outage and
 * not after the moment of the decision: the block was up then.
 * True when it was dark by a decision that the reply disproves: the event is withdrawn, a
 * record of the block is out, and it is up; a round that is under way is void. False: nothing
 * has changed. Needs keeps_events.
 */
bool events_withdraw(struct ledger *ledger, uint32_t block, const struct outcome *reply);

/* The same for a block without events: it is up, whatever was said of it, and has a record. */
void events_correct(struct ledger *ledger, uint32_t block, const struct outcome *reply);

#endif
