/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_OUTAGE_BOUNDS_H
#define VANTAGE_WATCH_ROUND_OUTAGE_BOUNDS_H

#include "vantage/watch/watch.h"

/*
 * When the outage of a block began and ended, in a recurring watch. A dark block is down until the
 * silences of its rounds no longer say so (vantage/ledger/block/bounds.h).
 */

/* Fills in the bounds of DECISION, which the evidence of ROUND led to. */
void outage_bounds_of(const struct watch *watch, uint32_t block, const struct round *round,
		      struct verdict_decision *decision);

/*
 * A round with the evidence X is over: keeps the silences of a block that is down, which bound the
 * end of its outage.
 */
void outage_bounds_keep(struct watch *watch, uint32_t block, const struct evidence_log *x);

#endif
