/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_MOVES_H
#define VANTAGE_WATCH_SCHEDULE_MOVES_H

#include "infer/evidence/evidence.h"
#include "vantage/ledger/ledger.h"

/*
 * Blocks whose hosts get new addresses all at once (renumbering). To a vantage that knows a few of
 * the hosts this looks like an outage. How often it happens is learned of each block and of its
 * target; where it never did it is not considered. The ledger keeps events.
 */

/*
 * A round with the evidence X begins ELAPSED_NS after the last one: states in X how likely it is
 * that the hosts of the block have moved meanwhile, or during the silence that X resumes.
 */
void moves_consider(const struct ledger *ledger, uint32_t block, int64_t elapsed_ns,
		    struct evidence_log *x);

/*
 * The round of a block with the evidence X is over, and its hot list has not learned from it yet. A
 * move counts when a host that was not known answers behind a silence that was enough for dark
 * (evidence_shows_move()), and the next two of the former hosts that are asked stay silent. If one
 * of them answers, packets were lost.
 */
void moves_learn(struct ledger *ledger, uint32_t block, const struct evidence_log *x);

#endif
