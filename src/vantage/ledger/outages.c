/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of a block that was in trouble: its outages, its silences, its
 * scares. Most blocks never are, so this lies apart from what each block has, in an
 * array that is filled in the order of trouble. It is as long as there are blocks,
 * but memory that was never written costs nothing (base/huge_array.h), so that there is
 * neither a limit to meet nor anything to allocate at the moment of an outage.
 * Number 0 is the past of those who have none.
 */
#include <errno.h>

#include "base/huge_array.h"
#include "vantage/state.h"

static void make_blank(struct outage *past)
{
	*past = (struct outage){.dark_earliest = BLOCK_NEVER_ANSWERED, .scared.ns = INT64_MIN / 2};
	silence_init(&past->silence);
}

int outages_init(struct vantage *v)
{
	v->pasts = huge_array_new(v->config.roster->block_count + 1, sizeof(*v->pasts));
	if (!v->pasts)
		return -ENOMEM;
	make_blank(&v->pasts[0]);
	v->past_count = 1;
	return 0;
}

void outages_fini(struct vantage *v)
{
	huge_array_free(v->pasts);
}

const struct outage *outages_of(const struct vantage *v, uint32_t block)
{
	return &v->pasts[v->watches[block].past];
}

struct outage *outages_for(struct vantage *v, uint32_t block)
{
	struct watch *watch = &v->watches[block];

	if (watch->past == 0) {
		watch->past = v->past_count++ & WATCH_PLACE_MAX;
		make_blank(&v->pasts[watch->past]);
		v->pasts[watch->past].history = outages_history(v, block);
	}
	return &v->pasts[watch->past];
}

struct history outages_history(const struct vantage *v, uint32_t block)
{
	struct history history = outages_of(v, block)->history;

	history.first.ns = (int64_t)v->watches[block].first_s * BW_S;
	return history;
}
