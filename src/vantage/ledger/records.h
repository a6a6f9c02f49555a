/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_RECORDS_H
#define VANTAGE_LEDGER_RECORDS_H

#include "vantage/ledger/block/tally.h"
#include "vantage/ledger/ledger.h"

/*
 * Puts out records of what the ledger holds at its present time. Each record gets the next
 * seq before the sink sees it. While the vantage is blind, verdicts are told as unknown.
 */

/* TALLY: the probes of the round that ended, or all zeros. */
void records_block(struct ledger *ledger, uint32_t block, const struct tally *tally);

/* Writes one between rounds, also of a block of which there is no news. */
void records_block_anyway(struct ledger *ledger, uint32_t block);
void records_target(struct ledger *ledger, uint32_t target);
void records_vantage(struct ledger *ledger);

/* Nothing for a probe that was never sent. */
void records_probe(struct ledger *ledger, const struct outcome *outcome);

void records_condition(struct ledger *ledger, const struct record_condition *condition);

/* Returns the seq of the record. */
uint64_t records_event(struct ledger *ledger, const struct record_event *event);
void records_trace(struct ledger *ledger, const struct record_trace *trace);

#endif
