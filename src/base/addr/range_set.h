/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_RANGE_SET_H
#define BASE_RANGE_SET_H

#include <blockwatch/prefix.h>

#include "base/addr/addr_key.h"
#include "base/array.h"

/*
 * Ranges of addresses and the arithmetic of sets: union, intersection, difference. Delegations
 * and tables of countries and ASes consist of ranges that are no prefixes, and that overlap.
 *
 * A range has keys of base/addr/addr_key.h as its ends, both included. All bits of LAST behind
 * an IPv4 address are 1, so that the key after it is that of the next address.
 */
struct range {
	struct addr_key first, last;
	uint32_t value; /* of the caller */
	uint8_t family;
};

/* Starts as {0}. A set is disjoint after range_set_merge() or range_set_flatten(). */
struct range_set {
	struct array ranges; /* struct range */
};

void range_set_fini(struct range_set *set);

static inline uint32_t range_set_count(const struct range_set *set)
{
	return set->ranges.count;
}
static inline struct range *range_set_at(const struct range_set *set, uint32_t n)
{
	return (struct range *)array_at(&set->ranges, n);
}

struct range range_of(const struct bw_addr *first, const struct bw_addr *last, uint32_t value);
struct range range_of_prefix(const struct bw_prefix *prefix, uint32_t value);

/* Adds a range, all ranges of another set, or a prefix. Each returns 0 or -ENOMEM. */
int range_set_add(struct range_set *set, const struct range *range);
int range_set_add_all(struct range_set *set, const struct range_set *more);
int range_set_add_prefix(struct range_set *set, const struct bw_prefix *prefix, uint32_t value);

/* By family, first address, then the longer one, then the lower value. */
void range_set_sort(struct range_set *set);

/*
 * Sorts the set and makes one range of those that overlap, with the value of the first. Ranges
 * that only touch stay apart, unless TOUCHING.
 */
void range_set_merge(struct range_set *set, bool touching);

/*
 * Cuts overlapping ranges so that each address has the value of the range that begins last, the
 * most specific one. RET_FLAT starts as {0}. Sorts SET. Returns 0 or -ENOMEM.
 */
int range_set_flatten(struct range_set *set, struct range_set *ret_flat);

/*
 * Of two disjoint sets: what is in both, in the pieces of both, with the values of B; and what
 * is in A alone, with its values. RET_* is added to. Each returns 0 or -ENOMEM.
 */
int range_set_common(const struct range_set *a, const struct range_set *b,
		     struct range_set *ret_common);
int range_set_without(const struct range_set *a, const struct range_set *b,
		      struct range_set *ret_rest);

/* Of a disjoint set: the range that has ADDR (NULL: none), and whether it shares an address. */
const struct range *range_set_find(const struct range_set *set, const struct bw_addr *addr);
bool range_set_overlaps(const struct range_set *set, const struct range *range);

/*
 * Takes the largest prefix that begins the range. Repeated calls cut it into the fewest
 * prefixes. Returns false when nothing is left.
 */
bool range_take(struct range *range, struct bw_prefix *ret_prefix);

/* Addresses of an IPv4 range, of an IPv6 range the prefixes of 64 bits that it touches. */
uint64_t range_size(const struct range *range);

#endif
