/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where blocks are. A world of millions of blocks is a few hundred tracts, so that what
 * is simulated takes no memory a block, and little beside what watches it.
 */
#include "base/addr_key.h"
#include "sim/world/inside.h"

struct bw_prefix site_prefix_after(const struct bw_prefix *first, uint32_t n)
{
	struct addr_key key = addr_key_of(&first->addr);
	struct bw_prefix prefix = {.length = first->length};
	unsigned shift = first->length <= 64 ? 64 - first->length : 128 - first->length;

	if (first->length <= 64) {
		key.hi += (uint64_t)n << shift;
	} else {
		uint64_t step = (uint64_t)n << shift;

		key.hi += shift > 32 ? (uint64_t)n >> (64 - shift) : 0;
		key.lo += step;
		key.hi += key.lo < step;
	}
	prefix.addr = addr_key_addr(key, first->addr.family);
	return prefix;
}

struct site site_of(const struct sim_world *world, uint32_t block)
{
	uint32_t low = 0, high = world->tracts.count;
	const struct tract *tract;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (world_tract(world, middle)->first <= block)
			low = middle;
		else
			high = middle;
	}
	tract = world_tract(world, low);
	return (struct site){block, tract,
			     site_prefix_after(&tract->prefix, block - tract->first)};
}

struct bucket *site_bucket(const struct sim_world *world, const struct site *site)
{
	return (struct bucket *)array_at(&world->buckets, site->tract->first_bucket + site->block -
								  site->tract->first);
}
