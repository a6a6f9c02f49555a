/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_CONDITION_STORE_H
#define VANTAGE_LEDGER_BLOCK_CONDITION_STORE_H

#include "vantage/ledger/block/track.h"

/*
 * The condition evidence (infer/condition/condition.h) of blocks with a missing host. Nothing is
 * stored for other blocks. Entry 0 is not used.
 */
union condition_store_entry {
	struct condition_evidence evidence;
	uint32_t next_free;
};

struct condition_store {
	union condition_store_entry *list;
	uint32_t count;
	uint32_t free; /* first free entry; 0: none */
};

/* Room for each of BLOCKS blocks; memory is used only for those that need it. 0 or -ENOMEM. */
int condition_store_init(struct condition_store *store, uint32_t blocks);
void condition_store_fini(struct condition_store *store);

/* A copy of the block's evidence; condition_evidence_none() when none is stored. */
struct condition_evidence condition_store_get(const struct condition_store *store,
					      const struct track *track);

/* Stores a copy of EVIDENCE. When it is empty, nothing is stored for the block any more. */
void condition_store_keep(struct condition_store *store, struct track *track,
			  const struct condition_evidence *evidence);

/* The silent parts of a partial block, bit n for part n; 0 for any other block. */
unsigned condition_store_parts(const struct condition_store *store, const struct track *track);

#endif
