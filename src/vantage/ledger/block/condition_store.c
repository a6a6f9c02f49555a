/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In a quiet hour a few of a hundred blocks have a condition in question, after a day every fourth.
 * So this lies apart, in entries that are given back. As with outages.c, the array has room for
 * all blocks and costs what was ever used of it.
 */
#include "vantage/ledger/block/condition_store.h"

#include <errno.h>
#include <string.h>

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

/* A copy; of a block for which nothing is stored that of a block without trouble. */
static struct condition_store_entry entry_of(const struct condition_store *store,
					     const struct track *track)
{
	struct condition_store_entry none = {.evidence =
						     condition_evidence_none(&track->condition)};

	return track->evidence ? store->list[track->evidence].entry : none;
}

static bool is_calm(const struct condition_store_entry *entry)
{
	for (unsigned i = 0; i < BW_RANGES; i++)
		if (!out_of_range_is_calm(&entry->ranges[i]))
			return false;
	return condition_evidence_is_empty(&entry->evidence);
}

static uint32_t take_place(struct condition_store *store)
{
	uint32_t place = store->free;

	if (place == 0)
		return store->count++;
	store->free = store->list[place].next_free;
	return place;
}

static void give_back(struct condition_store *store, struct track *track)
{
	if (track->evidence == 0)
		return;
	store->list[track->evidence].next_free = store->free;
	store->free = track->evidence;
	track->evidence = 0;
}

static void keep(struct condition_store *store, struct track *track,
		 const struct condition_store_entry *entry)
{
	if (is_calm(entry)) {
		give_back(store, track);
		return;
	}
	if (track->evidence == 0)
		track->evidence = take_place(store) & TRACK_INDEX_MAX;
	store->list[track->evidence].entry = *entry;
}

struct condition_evidence condition_store_get(const struct condition_store *store,
					      const struct track *track)
{
	struct condition_store_entry entry = entry_of(store, track);

	return condition_evidence_is_empty(&entry.evidence)
		       ? condition_evidence_none(&track->condition)
		       : entry.evidence;
}

void condition_store_keep(struct condition_store *store, struct track *track,
			  const struct condition_evidence *evidence)
{
	struct condition_store_entry entry = entry_of(store, track);

	entry.evidence = *evidence;
	keep(store, track, &entry);
}

void condition_store_ranges(const struct condition_store *store, const struct track *track,
			    struct out_of_range ret_ranges[BW_RANGES])
{
	struct condition_store_entry entry = entry_of(store, track);

	memcpy(ret_ranges, entry.ranges, sizeof(entry.ranges));
}

void condition_store_keep_ranges(struct condition_store *store, struct track *track,
				 const struct out_of_range ranges[BW_RANGES])
{
	struct condition_store_entry entry = entry_of(store, track);

	memcpy(entry.ranges, ranges, sizeof(entry.ranges));
	keep(store, track, &entry);
}

unsigned condition_store_parts(const struct condition_store *store, const struct track *track)
{
	struct condition_evidence evidence;

	if (!(track->condition.conditions & BW_PARTIAL))
		return 0; /* nearly always: its evidence is far away in memory */
	evidence = condition_store_get(store, track);
	return condition_silent_parts(&track->condition, &evidence);
}
