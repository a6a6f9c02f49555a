/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr/range_set.h"

#include <errno.h>
#include <stdlib.h>

static struct addr_key key_next(struct addr_key key)
{
	key.lo++;
	key.hi += key.lo == 0;
	return key;
}

static struct addr_key key_before(struct addr_key key)
{
	key.hi -= key.lo == 0;
	key.lo--;
	return key;
}

static bool key_is_most(struct addr_key key)
{
	return key.hi == UINT64_MAX && key.lo == UINT64_MAX;
}

static struct addr_key key_most(struct addr_key a, struct addr_key b)
{
	return addr_key_less(a, b) ? b : a;
}

static struct addr_key key_least(struct addr_key a, struct addr_key b)
{
	return addr_key_less(b, a) ? b : a;
}

void range_set_fini(struct range_set *set)
{
	array_fini(&set->ranges);
}

struct range range_of(const struct bw_addr *first, const struct bw_addr *last, uint32_t value)
{
	return (struct range){
		.first = addr_key_of(first),
		.last = addr_key_last(addr_key_of(last), bw_addr_bits(last)),
		.value = value,
		.family = first->family,
	};
}

struct range range_of_prefix(const struct bw_prefix *prefix, uint32_t value)
{
	struct addr_key key = addr_key_of(&prefix->addr);

	return (struct range){
		.first = key,
		.last = addr_key_last(key, prefix->length),
		.value = value,
		.family = prefix->addr.family,
	};
}

int range_set_add(struct range_set *set, const struct range *range)
{
	int result;

	set->ranges.size = sizeof(*range);
	result = array_add(&set->ranges, range);
	return result < 0 ? result : 0;
}

int range_set_add_all(struct range_set *set, const struct range_set *more)
{
	int result = 0;

	for (uint32_t i = 0; i < range_set_count(more) && result == 0; i++)
		result = range_set_add(set, range_set_at(more, i));
	return result;
}

int range_set_add_prefix(struct range_set *set, const struct bw_prefix *prefix, uint32_t value)
{
	struct range range = range_of_prefix(prefix, value);

	return range_set_add(set, &range);
}

static int compare_keys(struct addr_key a, struct addr_key b)
{
	return addr_key_less(b, a) - addr_key_less(a, b);
}

static int compare(const void *x, const void *y)
{
	const struct range *a = (const struct range *)x, *b = (const struct range *)y;
	int order = (a->family > b->family) - (a->family < b->family);

	if (order == 0)
		order = compare_keys(a->first, b->first);
	if (order == 0)
		order = compare_keys(b->last, a->last);
	return order ? order : (a->value > b->value) - (a->value < b->value);
}

void range_set_sort(struct range_set *set)
{
	uint32_t count = range_set_count(set), i = 1;

	while (i < count && compare(range_set_at(set, i - 1), range_set_at(set, i)) <= 0)
		i++;
	if (i < count)
		qsort(set->ranges.items, count, sizeof(struct range), compare);
}

static bool can_merge(const struct range *a, const struct range *b, bool touching)
{
	if (a->family != b->family)
		return false;
	if (!addr_key_less(a->last, b->first))
		return true;
	return touching && addr_key_equal(key_next(a->last), b->first);
}

void range_set_merge(struct range_set *set, bool touching)
{
	uint32_t kept = 0;

	range_set_sort(set);
	for (uint32_t i = 0; i < range_set_count(set); i++) {
		const struct range *range = range_set_at(set, i);
		struct range *last = kept ? range_set_at(set, kept - 1) : NULL;

		if (last && can_merge(last, range, touching))
			last->last = key_most(last->last, range->last);
		else
			*range_set_at(set, kept++) = *range;
	}
	set->ranges.count = kept;
}

/* What range_set_flatten() is doing: the ranges that are open, and up to where all is written. */
struct flattening {
	struct range_set open, *out;
	struct addr_key at;
	bool is_done; /* the last address of all has been written */
};

static int flatten_put(struct flattening *f, const struct range *range, struct addr_key last)
{
	struct range piece = *range;

	if (f->is_done || addr_key_less(last, f->at))
		return 0;
	piece.first = f->at;
	piece.last = last;
	f->is_done = key_is_most(last);
	f->at = key_next(last);
	return range_set_add(f->out, &piece);
}

/* Writes what ends before FIRST, and of what goes on the part before it. NULL: all. */
static int flatten_until(struct flattening *f, const struct range *next)
{
	int result = 0;

	while (range_set_count(&f->open) > 0 && result == 0) {
		struct range top = *range_set_at(&f->open, range_set_count(&f->open) - 1);

		if (next && top.family == next->family && !addr_key_less(top.last, next->first)) {
			if (addr_key_less(f->at, next->first))
				result = flatten_put(f, &top, key_before(next->first));
			break;
		}
		result = flatten_put(f, &top, top.last);
		f->open.ranges.count--;
	}
	return result;
}

int range_set_flatten(struct range_set *set, struct range_set *ret_flat)
{
	struct flattening f = {.out = ret_flat};
	int result = 0;

	range_set_sort(set);
	for (uint32_t i = 0; i < range_set_count(set) && result == 0; i++) {
		const struct range *range = range_set_at(set, i);

		result = flatten_until(&f, range);
		f.at = range->first;
		f.is_done = false;
		if (result == 0)
			result = range_set_add(&f.open, range);
	}
	if (result == 0)
		result = flatten_until(&f, NULL);
	range_set_fini(&f.open);
	return result;
}

/* Whether all of A comes before B. */
static bool is_before(const struct range *a, const struct range *b)
{
	return a->family != b->family ? a->family < b->family : addr_key_less(a->last, b->first);
}

int range_set_common(const struct range_set *a, const struct range_set *b,
		     struct range_set *ret_common)
{
	uint32_t i = 0, j = 0;
	int result = 0;

	while (i < range_set_count(a) && j < range_set_count(b) && result == 0) {
		const struct range *x = range_set_at(a, i), *y = range_set_at(b, j);

		if (!is_before(x, y) && !is_before(y, x)) {
			struct range piece = *y;

			piece.first = key_most(x->first, y->first);
			piece.last = key_least(x->last, y->last);
			result = range_set_add(ret_common, &piece);
		}
		if (is_before(x, y) || (!is_before(y, x) && addr_key_less(x->last, y->last)))
			i++;
		else
			j++;
	}
	return result;
}

/* Adds what of X no range of B from number J on has. */
static int add_rest(const struct range *x, const struct range_set *b, uint32_t j,
		    struct range_set *ret_rest)
{
	struct range rest = *x, piece;
	int result = 0;

	for (; j < range_set_count(b) && result == 0; j++) {
		const struct range *y = range_set_at(b, j);

		if (is_before(&rest, y))
			break;
		if (addr_key_less(rest.first, y->first)) {
			piece = rest;
			piece.last = key_before(y->first);
			result = range_set_add(ret_rest, &piece);
		}
		if (!addr_key_less(y->last, rest.last))
			return result;
		rest.first = key_most(rest.first, key_next(y->last));
	}
	return result == 0 ? range_set_add(ret_rest, &rest) : result;
}

int range_set_without(const struct range_set *a, const struct range_set *b,
		      struct range_set *ret_rest)
{
	uint32_t j = 0;
	int result = 0;

	for (uint32_t i = 0; i < range_set_count(a) && result == 0; i++) {
		const struct range *x = range_set_at(a, i);

		while (j < range_set_count(b) && is_before(range_set_at(b, j), x))
			j++;
		result = add_rest(x, b, j, ret_rest);
	}
	return result;
}

/* The number of the first range that does not lie before RANGE as a whole. */
static uint32_t find_from(const struct range_set *set, const struct range *range)
{
	uint32_t low = 0, high = range_set_count(set);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (is_before(range_set_at(set, middle), range))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool range_set_overlaps(const struct range_set *set, const struct range *range)
{
	uint32_t n = find_from(set, range);

	return n < range_set_count(set) && !is_before(range, range_set_at(set, n));
}

const struct range *range_set_find(const struct range_set *set, const struct bw_addr *addr)
{
	struct range range = range_of(addr, addr, 0);
	uint32_t n = find_from(set, &range);

	if (n == range_set_count(set) || is_before(&range, range_set_at(set, n)))
		return NULL;
	return range_set_at(set, n);
}

bool range_take(struct range *range, struct bw_prefix *ret_prefix)
{
	struct bw_addr addr = addr_key_addr(range->first, range->family);
	unsigned length = bw_addr_bits(&addr);
	struct addr_key last = range->first;

	if (range->family == 0)
		return false;
	while (length > 0 &&
	       addr_key_equal(addr_key_first(range->first, length - 1), range->first) &&
	       !addr_key_less(range->last, addr_key_last(range->first, length - 1)))
		length--;
	last = addr_key_last(range->first, length);
	*ret_prefix = bw_prefix_of(&addr, length);
	if (addr_key_less(last, range->last))
		range->first = key_next(last);
	else
		*range = (struct range){0};
	return true;
}

uint64_t range_size(const struct range *range)
{
	uint64_t size = range->last.hi - range->first.hi;

	if (range->family == 4)
		return (range->last.hi >> 32) - (range->first.hi >> 32) + 1;
	return size == UINT64_MAX ? size : size + 1;
}
