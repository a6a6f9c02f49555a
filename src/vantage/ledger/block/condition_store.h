/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_CONDITION_STORE_H
#define VANTAGE_LEDGER_BLOCK_CONDITION_STORE_H

#include "infer/out_of_range.h"
#include "vantage/ledger/block/track.h"

/*
 * What the conditions of a block rest on while any of them is in question: the evidence
 * (infer/condition/condition.h) of a block with a missing host, and the ranges of loss and delay
 * (infer/out_of_range.h), by enum bw_range, of a block that is not well inside of them. Nothing
 * is stored for other blocks. Entry 0 is not used.
 */
struct condition_store_entry {
	struct condition_evidence evidence;
	struct out_of_range ranges[BW_RANGES];
};

union condition_store_place {
	struct condition_store_entry entry;
	uint32_t next_free;
};

struct condition_store {
	union condition_store_place *list;
	uint32_t count;
	uint32_t free; /* first free entry; 0: none */
};

/* Room for each of BLOCKS blocks; memory is used only for those that need it. 0 or -ENOMEM. */
int condition_store_init(struct condition_store *store, uint32_t blocks);
void condition_store_fini(struct condition_store *store);

/* A copy of the block's evidence; condition_evidence_none() when none is stored. */
struct condition_evidence condition_store_get(const struct condition_store *store,
					      const struct track *track);

/* Stores a copy of EVIDENCE. */
void condition_store_keep(struct condition_store *store, struct track *track,
			  const struct condition_evidence *evidence);

/* The same for the ranges of the block. */
void condition_store_ranges(const struct condition_store *store, const struct track *track,
			    struct out_of_range ret_ranges[BW_RANGES]);
void condition_store_keep_ranges(struct condition_store *store, struct track *track,
				 const struct out_of_range ranges[BW_RANGES]);

/* The silent parts of a partial block, bit n for part n; 0 for any other block. */
unsigned condition_store_parts(const struct condition_store *store, const struct track *track);

#endif
