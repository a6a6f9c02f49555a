/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses as numbers. Three sorted arrays follow each other in the numbering: ranges
 * (what is left of prefixes after overlaps are merged and forbidden addresses are cut
 * out), single IPv4 addresses, single IPv6 addresses. A number finds its address by a
 * binary search over the ranges, of which there are few, or by an index; an address finds
 * its number by a binary search.
 *
 * Forbidden addresses are cut out of the ranges once, when the space is sealed, and not
 * looked up for each probe: the count is exact and no place in the order is wasted. The
 * check in the last function before a packet leaves happens all the same.
 */
#include "probe/sweep/sweep_space.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "probe/sweep/sweep_ranges.h"
#include "probe/sweep/sweep_sort.h"

struct sweep_space {
	struct sweep_ranges ranges;
	uint32_t *v4;
	struct addr_key *v6;
	size_t v4_count, v4_room, v6_count, v6_room;
	uint64_t given; /* addresses, before anything is merged */
	uint64_t in_ranges;
	bool sealed;
};

struct sweep_space *sweep_space_new(void)
{
	return calloc(1, sizeof(struct sweep_space));
}

void sweep_space_free(struct sweep_space *space)
{
	if (!space)
		return;
	sweep_ranges_fini(&space->ranges);
	free(space->v4);
	free(space->v6);
	free(space);
}

static int add_single(struct sweep_space *space, const struct bw_addr *addr)
{
	if (addr->family == 4) {
		if (sweep_ranges_grow((void **)&space->v4, sizeof(*space->v4), space->v4_count,
				      &space->v4_room) < 0)
			return -ENOMEM;
		space->v4[space->v4_count++] = bw_addr_to_v4(addr);
		return 0;
	}
	if (sweep_ranges_grow((void **)&space->v6, sizeof(*space->v6), space->v6_count,
			      &space->v6_room) < 0)
		return -ENOMEM;
	space->v6[space->v6_count++] = sweep_ranges_number(addr);
	return 0;
}

int sweep_space_add(struct sweep_space *space, const struct bw_prefix *prefix)
{
	uint64_t size = bw_prefix_size(prefix);
	int code;

	assert(!space->sealed);
	if (size > SWEEP_SPACE_MAX)
		return BW_ERR_LIMIT;
	code = size == 1 ? add_single(space, &prefix->addr)
			 : sweep_ranges_add(&space->ranges, prefix);
	if (code == 0)
		space->given += size;
	return code;
}

/* Whether a single address is to stay; ranges are final by now. */
static bool is_wanted(const struct sweep_space *space, const struct bw_addr *addr,
		      const struct permit *permit, struct sweep_space_sum *sum)
{
	switch (permit_check(permit, addr)) {
	case BW_ERR_BLOCKLISTED:
		sum->blocklisted++;
		return false;
	case BW_ERR_SPECIAL_PURPOSE:
		sum->reserved++;
		return false;
	default:
		return !sweep_ranges_find(&space->ranges, sweep_ranges_number(addr), addr->family);
	}
}

static void tidy_v4(struct sweep_space *space, const struct permit *permit,
		    struct sweep_space_sum *sum)
{
	size_t kept = 0;

	sweep_sort_v4(space->v4, space->v4_count);
	for (size_t i = 0; i < space->v4_count; i++) {
		struct bw_addr addr = bw_addr_from_v4(space->v4[i]);

		if (i > 0 && space->v4[i] == space->v4[i - 1])
			continue;
		if (is_wanted(space, &addr, permit, sum))
			space->v4[kept++] = space->v4[i];
	}
	space->v4_count = kept;
}

static void tidy_v6(struct sweep_space *space, const struct permit *permit,
		    struct sweep_space_sum *sum)
{
	struct addr_key before = {0, 0};
	size_t kept = 0;

	sweep_sort_v6(space->v6, space->v6_count);
	for (size_t i = 0; i < space->v6_count; i++) {
		struct addr_key key = space->v6[i];
		struct bw_addr addr = addr_key_addr(key, 6);
		bool repeated = i > 0 && addr_key_equal(key, before);

		before = key;
		if (!repeated && is_wanted(space, &addr, permit, sum))
			space->v6[kept++] = key;
	}
	space->v6_count = kept;
}

int sweep_space_seal(struct sweep_space *space, const struct permit *permit,
		     struct sweep_space_sum *ret_sum)
{
	struct sweep_space_sum sum = {0};
	struct sweep_ranges_cut cut;
	int code;

	sweep_ranges_merge(&space->ranges);
	code = sweep_ranges_carve(&space->ranges, permit, &cut);
	if (code < 0)
		return code;
	sweep_ranges_merge(&space->ranges);
	sum.blocklisted = cut.blocklisted;
	sum.reserved = cut.reserved;
	tidy_v4(space, permit, &sum);
	tidy_v6(space, permit, &sum);
	for (size_t i = 0; i < space->ranges.count; i++) {
		space->ranges.list[i].base = space->in_ranges;
		space->in_ranges += space->ranges.list[i].count;
		if (space->in_ranges > SWEEP_SPACE_MAX)
			return BW_ERR_LIMIT;
		if (space->ranges.list[i].family == 4)
			sum.count_v4 += space->ranges.list[i].count;
	}
	space->sealed = true;
	sum.count = sweep_space_count(space);
	sum.count_v4 += space->v4_count;
	sum.count_v6 = sum.count - sum.count_v4;
	sum.repeated = space->given - sum.count - sum.blocklisted - sum.reserved;
	*ret_sum = sum;
	return 0;
}

uint64_t sweep_space_count(const struct sweep_space *space)
{
	return space->in_ranges + space->v4_count + space->v6_count;
}

uint64_t sweep_space_singles(const struct sweep_space *space)
{
	return space->in_ranges;
}

struct bw_addr sweep_space_at(const struct sweep_space *space, uint64_t number)
{
	size_t low = 0, high = space->ranges.count;

	if (number >= space->in_ranges) {
		number -= space->in_ranges;
		if (number < space->v4_count)
			return bw_addr_from_v4(space->v4[number]);
		return addr_key_addr(space->v6[number - space->v4_count], 6);
	}
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (space->ranges.list[middle].base <= number)
			low = middle;
		else
			high = middle;
	}
	return sweep_ranges_addr(&space->ranges.list[low], number - space->ranges.list[low].base);
}

static bool find_v4(const struct sweep_space *space, uint32_t value, uint64_t *ret_number)
{
	size_t low = 0, high = space->v4_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (space->v4[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == space->v4_count || space->v4[low] != value)
		return false;
	*ret_number = space->in_ranges + low;
	return true;
}

static bool find_v6(const struct sweep_space *space, struct addr_key key, uint64_t *ret_number)
{
	size_t low = 0, high = space->v6_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (addr_key_less(space->v6[middle], key))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == space->v6_count || !addr_key_equal(space->v6[low], key))
		return false;
	*ret_number = space->in_ranges + space->v4_count + low;
	return true;
}

bool sweep_space_find(const struct sweep_space *space, const struct bw_addr *addr,
		      uint64_t *ret_number)
{
	struct addr_key number = sweep_ranges_number(addr);
	const struct sweep_range *range = sweep_ranges_find(&space->ranges, number, addr->family);

	if (range) {
		*ret_number = range->base + sweep_ranges_offset(range, number);
		return true;
	}
	if (addr->family == 4)
		return find_v4(space, (uint32_t)number.lo, ret_number);
	return find_v6(space, number, ret_number);
}

uint64_t sweep_space_fingerprint(const struct sweep_space *space)
{
	uint64_t print = rng_mix(space->ranges.count);

	for (size_t i = 0; i < space->ranges.count; i++) {
		const struct sweep_range *range = &space->ranges.list[i];

		print = rng_mix(print ^ range->first.hi);
		print = rng_mix(print ^ range->first.lo);
		print = rng_mix(print ^ range->count ^ (uint64_t)range->family << 56);
	}
	for (size_t i = 0; i < space->v4_count; i++)
		print = rng_mix(print ^ space->v4[i]);
	for (size_t i = 0; i < space->v6_count; i++)
		print = rng_mix(rng_mix(print ^ space->v6[i].hi) ^ space->v6[i].lo);
	return print;
}
