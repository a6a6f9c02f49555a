/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses as numbers. Three arrays, each sorted, follow each other in the
 * numbering: ranges (what is left of prefixes once nothing overlaps and the
 * forbidden is cut out), single IPv4 addresses, single IPv6 addresses. A number
 * finds its address by one search over the ranges, of which there are few, or by
 * none; an address finds its number by binary search.
 *
 * The forbidden is cut out of ranges here, once, and not looked up for each probe:
 * then the count is exact and no place in the order is wasted. The guard in the
 * last function before a packet leaves looks all the same.
 *
 * Five million single addresses are sorted in the place where they stand (radix
 * exchange, one bit after the other): a sort with an array of its own would double
 * the memory of a list just when it is largest.
 */
#include "probe/sweep/sweep_space.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/addr_key.h"
#include "base/addr/special_purpose.h"
#include "base/rng.h"

struct range {
	struct addr_key first; /* as a number at the low end, so that it can be added to */
	uint64_t count, base;
	uint8_t family;
};

struct sweep_space {
	struct range *ranges;
	uint32_t *v4;
	struct addr_key *v6;
	size_t range_count, range_room, v4_count, v4_room, v6_count, v6_room;
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
	free(space->ranges);
	free(space->v4);
	free(space->v6);
	free(space);
}

/* Room for one more in an array; grows by half. Returns 0 or -ENOMEM. */
static int make_room(void **list, size_t size, size_t count, size_t *room)
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

/* The address as a 128-bit number: an IPv4 address in the low 32 bits. */
static struct addr_key number_of(const struct bw_addr *addr)
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

static int add_range(struct sweep_space *space, const struct bw_prefix *prefix)
{
	struct range range = {
		.first = number_of(&prefix->addr),
		.count = bw_prefix_size(prefix),
		.family = prefix->addr.family,
	};

	if (make_room((void **)&space->ranges, sizeof(range), space->range_count,
		      &space->range_room) < 0)
		return -ENOMEM;
	space->ranges[space->range_count++] = range;
	return 0;
}

static int add_single(struct sweep_space *space, const struct bw_addr *addr)
{
	if (addr->family == 4) {
		if (make_room((void **)&space->v4, sizeof(*space->v4), space->v4_count,
			      &space->v4_room) < 0)
			return -ENOMEM;
		space->v4[space->v4_count++] = bw_addr_to_v4(addr);
		return 0;
	}
	if (make_room((void **)&space->v6, sizeof(*space->v6), space->v6_count, &space->v6_room) <
	    0)
		return -ENOMEM;
	space->v6[space->v6_count++] = number_of(addr);
	return 0;
}

int sweep_space_add(struct sweep_space *space, const struct bw_prefix *prefix)
{
	uint64_t size = bw_prefix_size(prefix);
	int code;

	assert(!space->sealed);
	if (size > SWEEP_SPACE_MAX)
		return BW_ERR_LIMIT;
	code = size == 1 ? add_single(space, &prefix->addr) : add_range(space, prefix);
	if (code == 0)
		space->given += size;
	return code;
}

/* One bit of a key, from the top (0). */
static bool bit_v6(struct addr_key key, unsigned bit)
{
	return (bit < 64 ? key.hi >> (63 - bit) : key.lo >> (127 - bit)) & 1;
}

static void sort_v6(struct addr_key *list, size_t count, unsigned bit)
{
	size_t low = 0, high = count;

	if (count < 2 || bit == 128)
		return;
	while (low < high) {
		struct addr_key key = list[low];

		if (!bit_v6(key, bit)) {
			low++;
			continue;
		}
		list[low] = list[--high];
		list[high] = key;
	}
	sort_v6(list, low, bit + 1);
	sort_v6(list + low, count - low, bit + 1);
}

static void sort_v4(uint32_t *list, size_t count, unsigned bit)
{
	size_t low = 0, high = count;

	if (count < 2 || bit == 32)
		return;
	while (low < high) {
		uint32_t value = list[low];

		if (!(value >> (31 - bit) & 1)) {
			low++;
			continue;
		}
		list[low] = list[--high];
		list[high] = value;
	}
	sort_v4(list, low, bit + 1);
	sort_v4(list + low, count - low, bit + 1);
}

static int compare_ranges(const void *left, const void *right)
{
	const struct range *a = (const struct range *)left, *b = (const struct range *)right;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (addr_key_equal(a->first, b->first))
		return 0;
	return addr_key_less(a->first, b->first) ? -1 : 1;
}

/* Makes one of ranges that overlap or touch. */
static void merge_ranges(struct sweep_space *space)
{
	struct range *out = space->ranges;
	size_t kept = 0;

	if (space->range_count > 0)
		qsort(space->ranges, space->range_count, sizeof(*space->ranges), compare_ranges);
	for (size_t i = 0; i < space->range_count; i++) {
		struct range range = space->ranges[i];
		struct range *last = kept ? &out[kept - 1] : NULL;
		uint64_t gap = last && last->family == range.family
				       ? minus(range.first, last->first)
				       : UINT64_MAX;

		if (gap > (last ? last->count : 0))
			out[kept++] = range;
		else if (gap + range.count > last->count)
			last->count = gap + range.count;
	}
	space->range_count = kept;
}

/* Who is cut out. A set that is NULL is empty. */
struct knife {
	const struct prefix_set *blocklist, *special;
	struct sweep_space_sum *sum;
};

/* What is forbidden of a prefix is cut out by halving it until each part is one or the other. */
static int carve(struct sweep_space *space, const struct bw_prefix *prefix,
		 const struct knife *knife)
{
	struct bw_prefix half;
	int code;

	if (knife->blocklist && prefix_set_covers(knife->blocklist, prefix)) {
		knife->sum->blocklisted += bw_prefix_size(prefix);
		return 0;
	}
	if (knife->special && prefix_set_covers(knife->special, prefix)) {
		knife->sum->reserved += bw_prefix_size(prefix);
		return 0;
	}
	if (!(knife->blocklist && prefix_set_overlaps(knife->blocklist, prefix)) &&
	    !(knife->special && prefix_set_overlaps(knife->special, prefix)))
		return add_range(space, prefix);
	half = bw_prefix_part(prefix, prefix->length + 1u, 0);
	code = carve(space, &half, knife);
	half = bw_prefix_part(prefix, prefix->length + 1u, 1);
	return code < 0 ? code : carve(space, &half, knife);
}

/* Cuts a range into prefixes and carves each. */
static int carve_range(struct sweep_space *space, struct range range, const struct knife *knife)
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
		code = carve(space, &prefix, knife);
		range.first = plus(range.first, UINT64_C(1) << span);
		range.count -= UINT64_C(1) << span;
	}
	return code;
}

static int carve_ranges(struct sweep_space *space, const struct permit *permit,
			struct sweep_space_sum *sum)
{
	struct prefix_set *special = permit->allow_reserved ? NULL : prefix_set_new();
	struct knife knife = {permit->blocklist, special, sum};
	struct range *whole = space->ranges;
	size_t count = space->range_count;
	int code = permit->allow_reserved ? 0 : special ? special_purpose_add_to(special) : -ENOMEM;

	if (code == 0 && special)
		code = prefix_set_seal(special);
	space->ranges = NULL;
	space->range_count = space->range_room = 0;
	for (size_t i = 0; i < count && code == 0; i++)
		code = carve_range(space, whole[i], &knife);
	free(whole);
	prefix_set_free(special);
	return code;
}

static const struct range *find_range(const struct sweep_space *space, struct addr_key number,
				      uint8_t family)
{
	size_t low = 0, high = space->range_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct range *range = &space->ranges[middle];

		if (range->family < family ||
		    (range->family == family && !addr_key_less(number, range->first)))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || space->ranges[low - 1].family != family ||
	    minus(number, space->ranges[low - 1].first) >= space->ranges[low - 1].count)
		return NULL;
	return &space->ranges[low - 1];
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
		return !find_range(space, number_of(addr), addr->family);
	}
}

static void tidy_v4(struct sweep_space *space, const struct permit *permit,
		    struct sweep_space_sum *sum)
{
	size_t kept = 0;

	sort_v4(space->v4, space->v4_count, 0);
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

	sort_v6(space->v6, space->v6_count, 0);
	for (size_t i = 0; i < space->v6_count; i++) {
		struct addr_key key = space->v6[i];
		struct bw_addr addr = addr_of(key, 6);
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
	int code;

	merge_ranges(space);
	code = carve_ranges(space, permit, &sum);
	if (code < 0)
		return code;
	merge_ranges(space);
	tidy_v4(space, permit, &sum);
	tidy_v6(space, permit, &sum);
	for (size_t i = 0; i < space->range_count; i++) {
		space->ranges[i].base = space->in_ranges;
		space->in_ranges += space->ranges[i].count;
		if (space->in_ranges > SWEEP_SPACE_MAX)
			return BW_ERR_LIMIT;
		if (space->ranges[i].family == 4)
			sum.count_v4 += space->ranges[i].count;
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
	size_t low = 0, high = space->range_count;

	if (number >= space->in_ranges) {
		number -= space->in_ranges;
		if (number < space->v4_count)
			return bw_addr_from_v4(space->v4[number]);
		return addr_of(space->v6[number - space->v4_count], 6);
	}
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (space->ranges[middle].base <= number)
			low = middle;
		else
			high = middle;
	}
	return addr_of(plus(space->ranges[low].first, number - space->ranges[low].base),
		       space->ranges[low].family);
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
	struct addr_key number = number_of(addr);
	const struct range *range = find_range(space, number, addr->family);

	if (range) {
		*ret_number = range->base + minus(number, range->first);
		return true;
	}
	if (addr->family == 4)
		return find_v4(space, (uint32_t)number.lo, ret_number);
	return find_v6(space, number, ret_number);
}

uint64_t sweep_space_fingerprint(const struct sweep_space *space)
{
	uint64_t print = rng_mix(space->range_count);

	for (size_t i = 0; i < space->range_count; i++) {
		const struct range *range = &space->ranges[i];

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
