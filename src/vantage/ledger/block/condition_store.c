/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In a quiet hour a few of a hundred blocks have condition evidence, after a day every fifth.
 * So it lies apart, in entries that are given back. As with outages.c, the array has room for
 * all blocks and costs what was ever used of it.
 */
#include "vantage/ledger/block/condition_store.h"

#include <errno.h>

#include "base/huge_array.h"

int condition_store_init(struct condition_store *store, uint32_t blocks)
{
	store->list = huge_array_new(blocks + 1, sizeof(*store->list));
	store->count = 1;
	store->free = 0;
	return store->list ? 0 : -ENOMEM;
}

void condition_store_fini(struct condition_store *store)
{
	huge_array_free(store->list);
}

struct condition_evidence condition_store_get(const struct condition_store *store,
					      const struct track *track)
{
	return track->evidence ? store->list[track->evidence].evidence
			       : condition_evidence_none(&track->condition);
}

static uint32_t take_entry(struct condition_store *store)
{
	uint32_t entry = store->free;

	if (entry == 0)
		return store->count++;
	store->free = store->list[entry].next_free;
	return entry;
}

void condition_store_keep(struct condition_store *store, struct track *track,
			  const struct condition_evidence *evidence)
{
	bool calm = condition_evidence_is_empty(evidence);

	if (!calm && track->evidence == 0)
		track->evidence = take_entry(store) & TRACK_INDEX_MAX;
	if (!calm) {
		store->list[track->evidence].evidence = *evidence;
	} else if (track->evidence) {
		store->list[track->evidence].next_free = store->free;
		store->free = track->evidence;
		track->evidence = 0;
	}
}

unsigned condition_store_parts(const struct condition_store *store, const struct track *track)
{
	struct condition_evidence evidence;

	if (!(track->condition.conditions & BW_PARTIAL))
		return 0; /* nearly always: its evidence is far away in memory */
	evidence = condition_store_get(store, track);
	return condition_silent_parts(&track->condition, &evidence);
}
