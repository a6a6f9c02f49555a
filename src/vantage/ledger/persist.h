/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_PERSIST_H
#define VANTAGE_LEDGER_PERSIST_H

#include <stdio.h>

#include "report/state/state_read.h"
#include "vantage/ledger/ledger.h"

/*
 * What a ledger that keeps events remembers, to and from the structs of report/state: over a
 * restart through a file, over a reload through memory.
 */

/* Writes head, blocks, groups and end. BOOTS: starts so far. Returns as the writer does. */
int persist_save(const struct ledger *ledger, FILE *file, uint32_t boots, struct bw_err *err);

/*
 * Takes what state_read() hands over into `ledger`, at the time `now`. What is not on the
 * roster any more is dropped.
 */
struct persist_restore {
	struct ledger *ledger;
	struct bw_now now;
	/* What came out: */
	struct bw_wall saved; /* when the state was saved */
	uint32_t boots;       /* starts before */
	uint32_t blocks;      /* how many were found again */
};
struct state_handlers persist_handlers(struct persist_restore *restore);

#endif
