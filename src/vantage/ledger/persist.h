/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_PERSIST_H
#define VANTAGE_LEDGER_PERSIST_H

#include <stdio.h>

#include "report/state/state_read.h"
#include "report/state/state_write.h"
#include "vantage/ledger/ledger.h"

/*
 * What a ledger that keeps events remembers, to and from the structs of report/state: over a
 * restart through a file, over a reload through memory.
 */

/* The usual paths of a vantage, which its ledger does not have. */
struct persist_paths {
	uint32_t (*count)(const void *self);
	void (*save)(const void *self, struct state_writer *writer); /* writes that many */
	void (*take)(void *self, const struct state_path *path, struct bw_now now);
	void *self;
};

/*
 * Writes head, blocks, groups, paths and end. PATHS is NULL where there are none. BOOTS: starts so
 * far. Returns as the writer does.
 */
int persist_save(const struct ledger *ledger, const struct persist_paths *paths, FILE *file,
		 uint32_t boots, struct bw_err *err);

/*
 * Takes what state_read() hands over into `ledger`, at the time `now`. What is not on the
 * roster any more is dropped.
 */
struct persist_restore {
	struct ledger *ledger;
	const struct persist_paths *paths; /* NULL: paths are dropped */
	struct bw_now now;
	/* What came out: */
	struct bw_wall saved; /* when the state was saved */
	uint32_t boots;       /* starts before */
	uint32_t blocks;      /* how many were found again */
};
struct state_handlers persist_handlers(struct persist_restore *restore);

#endif
