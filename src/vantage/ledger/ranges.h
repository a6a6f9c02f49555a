/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_RANGES_H
#define VANTAGE_LEDGER_RANGES_H

#include "vantage/ledger/block/tally.h"
#include "vantage/ledger/ledger.h"

/*
 * Loss and delay of blocks, networks and targets, compared with what is usual of them
 * (infer/usual.h, infer/usual_sum.h). A condition record says when one leaves its usual range and
 * when it is back. The condition `degraded` of a block is the same. All of it needs keeps_events.
 *
 * A block that is dark is not degraded: its conditions end as it goes dark. While it is unknown or
 * flapping, or its references lose as much, nothing is learned and nothing changes.
 */

/*
 * A round of BLOCK has the evidence X and the TALLY; one begins every INTERVAL_NS. To be called
 * before the hot list learns from it. ranges_end_round() follows when the verdict is known.
 */
struct usual_round ranges_begin_round(struct ledger *ledger, uint32_t block,
				      const struct evidence_log *x, const struct tally *tally,
				      int64_t interval_ns);

/* For replay: a hot host of BLOCK has ANSWERED a probe, or has not. */
void ranges_note(struct ledger *ledger, uint32_t block, uint16_t host, bool answered,
		 struct usual_round *round);

/* The end of a round of BLOCK. ROUND has the counts and the times, and gets what usual.h adds. */
void ranges_end_round(struct ledger *ledger, uint32_t block, struct usual_round *round);

/* The end of a round of TARGET: its networks, and itself. */
void ranges_end_target_round(struct ledger *ledger, uint32_t target);

#endif
