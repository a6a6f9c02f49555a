/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_ranges.h"

#include <errno.h>
#include <stdlib.h>

#include "base/addr/special_purpose.h"
#include "probe/blocked.h"

void sweep_ranges_fini(struct sweep_ranges *ranges)
{
	free(ranges->list);
	*ranges = (struct sweep_ranges){.list = NULL};
}

int sweep_ranges_grow(void **list, size_t size, size_t count, size_t *room)
{
	size_t wanted = count < 64 ? 64 : count + count / 2;
	void *grown;

	if (count < *room)
		return 0;
	grown = reallocarray(*list, wanted, size);
	if (!grown)
		return -ENOMEM;
	*list = grown;
	*room = wanted;
	return 0;
}

struct addr_key sweep_ranges_number(const struct bw_addr *addr)
{
	if (addr->family == 4)
		return (struct addr_key){0, bw_addr_to_v4(addr)};
	return addr_key_of(addr);
}

static struct bw_addr addr_of(struct addr_key number, uint8_t family)
{
	return family == 4 ? bw_addr_from_v4((uint32_t)number.lo) : addr_key_addr(number, 6);
}

static struct addr_key plus(struct addr_key a, uint64_t offset)
{
	uint64_t low = a.lo + offset;

	return (struct addr_key){a.hi + (low < a.lo), low};
}

/* a - b, or UINT64_MAX when that is more than 64 bits hold; a is not below b. */
static uint64_t minus(struct addr_key a, struct addr_key b)
{
	uint64_t high = a.hi - b.hi - (a.lo < b.lo);

	return high ? UINT64_MAX : a.lo - b.lo;
}

int sweep_ranges_add(struct sweep_ranges *ranges, const struct bw_prefix *prefix)
{
	struct sweep_range range = {
		.first = sweep_ranges_number(&prefix->addr),
		.count = bw_prefix_size(prefix),
		.family = prefix->addr.family,
	};

	if (sweep_ranges_grow((void **)&ranges->list, sizeof(range), ranges->count, &ranges->room) <
	    0)
		return -ENOMEM;
	ranges->list[ranges->count++] = range;
	return 0;
}

static int compare_ranges(const void *left, const void *right)
{
	const struct sweep_range *a = (const struct sweep_range *)left,
				 *b = (const struct sweep_range *)right;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (addr_key_equal(a->first, b->first))
		return 0;
	return addr_key_less(a->first, b->first) ? -1 : 1;
}

void sweep_ranges_merge(struct sweep_ranges *ranges)
{
	struct sweep_range *out = ranges->list;
	size_t kept = 0;

	if (ranges->count > 0)
		qsort(ranges->list, ranges->count, sizeof(*ranges->list), compare_ranges);
	for (size_t i = 0; i < ranges->count; i++) {
		struct sweep_range range = ranges->list[i];
		struct sweep_range *last = kept ? &out[kept - 1] : NULL;
		uint64_t gap = last && last->family == range.family
				       ? minus(range.first, last->first)
				       : UINT64_MAX;

		if (gap > (last ? last->count : 0))
			out[kept++] = range;
		else if (gap + range.count > last->count)
			last->count = gap + range.count;
	}
	ranges->count = kept;
}

/* What is cut out. A set that is NULL is empty. */
struct knife {
	const struct prefix_set *blocklist, *special;
	struct sweep_ranges_cut *cut;
};

/* Halves a prefix until all of each part is forbidden or none of it is. */
static int carve(struct sweep_ranges *ranges, const struct bw_prefix *prefix,
		 const struct knife *knife)
{
	struct bw_prefix half;
	int code;

	if (knife->blocklist && blocked_covers(knife->blocklist, prefix)) {
		knife->cut->blocklisted += bw_prefix_size(prefix);
		return 0;
	}
	if (knife->special && prefix_set_covers(knife->special, prefix)) {
		knife->cut->reserved += bw_prefix_size(prefix);
		return 0;
	}
	if (!(knife->blocklist && blocked_overlaps(knife->blocklist, prefix)) &&
	    !(knife->special && prefix_set_overlaps(knife->special, prefix)))
		return sweep_ranges_add(ranges, prefix);
	half = bw_prefix_part(prefix, prefix->length + 1u, 0);
	code = carve(ranges, &half, knife);
	half = bw_prefix_part(prefix, prefix->length + 1u, 1);
	return code < 0 ? code : carve(ranges, &half, knife);
}

/* Cuts a range into prefixes and carves each. */
static int carve_range(struct sweep_ranges *ranges, struct sweep_range range,
		       const struct knife *knife)
{
	int code = 0;

	while (range.count > 0 && code == 0) {
		unsigned bits = range.family == 4 ? 32 : 128;
		unsigned span = 63 - (unsigned)__builtin_clzll(range.count);
		struct bw_prefix prefix;

		if (range.first.lo && (unsigned)__builtin_ctzll(range.first.lo) < span)
			span = (unsigned)__builtin_ctzll(range.first.lo);
		prefix = (struct bw_prefix){addr_of(range.first, range.family),
					    (uint8_t)(bits - span)};
		code = carve(ranges, &prefix, knife);
		range.first = plus(range.first, UINT64_C(1) << span);
		range.count -= UINT64_C(1) << span;
	}
	return code;
}

int sweep_ranges_carve(struct sweep_ranges *ranges, const struct permit *permit,
		       struct sweep_ranges_cut *ret_cut)
{
	struct prefix_set *special = prefix_set_new();
	struct knife knife = {permit->blocklist, special, ret_cut};
	struct sweep_range *whole = ranges->list;
	size_t count = ranges->count;
	int code = special ? special_purpose_add_to(special, permit->allow_reserved) : -ENOMEM;

	if (code == 0)
		code = prefix_set_seal(special);
	*ret_cut = (struct sweep_ranges_cut){0};
	ranges->list = NULL;
	ranges->count = ranges->room = 0;
	for (size_t i = 0; i < count && code == 0; i++)
		code = carve_range(ranges, whole[i], &knife);
	free(whole);
	prefix_set_free(special);
	return code;
}

const struct sweep_range *sweep_ranges_find(const struct sweep_ranges *ranges,
					    struct addr_key number, uint8_t family)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct sweep_range *range = &ranges->list[middle];

		if (range->family < family ||
		    (range->family == family && !addr_key_less(number, range->first)))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || ranges->list[low - 1].family != family ||
	    minus(number, ranges->list[low - 1].first) >= ranges->list[low - 1].count)
		return NULL;
	return &ranges->list[low - 1];
}

struct bw_addr sweep_ranges_addr(const struct sweep_range *range, uint64_t offset)
{
	return addr_of(plus(range->first, offset), range->family);
}

uint64_t sweep_ranges_offset(const struct sweep_range *range, struct addr_key number)
{
	return minus(number, range->first);
}
