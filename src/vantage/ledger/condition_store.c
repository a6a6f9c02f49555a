/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The unrest of blocks (infer/condition.h): of each in which somebody is missed just now. In
 * a quiet hour these are a few of a hundred, after a day each fifth; so it lies apart, in
 * places that are given back. As with pasts (outages.c), the array is as long as there are
 * blocks and costs what was ever used of it.
 */
#include <errno.h>

#include "base/huge_array.h"
#include "vantage/state.h"

int condition_store_init(struct vantage *v)
{
	v->unrests = huge_array_new(v->config.roster->block_count + 1, sizeof(*v->unrests));
	v->condition_evidence_count = 1; /* number 0 is nobody's */
	return v->unrests ? 0 : -ENOMEM;
}

void condition_store_fini(struct vantage *v)
{
	huge_array_free(v->unrests);
}

struct condition_evidence condition_store_of(const struct vantage *v, uint32_t block)
{
	const struct watch *watch = &v->watches[block];

	return watch->unrest ? v->unrests[watch->unrest].unrest
			     : condition_evidence_none(&watch->condition);
}

static uint32_t take_place(struct vantage *v)
{
	uint32_t place = v->free_unrest;

	if (place == 0)
		return v->condition_evidence_count++;
	v->free_unrest = v->unrests[place].next_free;
	return place;
}

void condition_store_keep(struct vantage *v, uint32_t block,
			  const struct condition_evidence *unrest)
{
	struct watch *watch = &v->watches[block];
	bool calm = condition_evidence_is_empty(unrest);

	if (!calm && watch->unrest == 0)
		watch->unrest = take_place(v) & WATCH_PLACE_MAX;
	if (!calm) {
		v->unrests[watch->unrest].unrest = *unrest;
	} else if (watch->unrest) {
		v->unrests[watch->unrest].next_free = v->free_unrest;
		v->free_unrest = watch->unrest;
		watch->unrest = 0;
	}
}
