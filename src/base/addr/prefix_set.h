/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PREFIX_SET_H
#define BASE_PREFIX_SET_H

#include <blockwatch/prefix.h>

/*
 * A set of IPv4 and IPv6 prefixes with longest match: opt-outs, special-purpose registries,
 * prefix-to-number tables. It is filled, then sealed (sorted), then searched. A search is a short
 * binary search and allocates nothing. A million prefixes take 25 MB sealed and 36 MB before.
 * Limit: 2^24 - 2 prefixes in each family.
 */
struct prefix_set;

struct prefix_set *prefix_set_new(void); /* NULL: out of memory */
void prefix_set_free(struct prefix_set *set);

/*
 * Adds a prefix with a value of the caller. A prefix that is added twice keeps the last value.
 * Returns 0 or one of: -ENOMEM; BW_ERR_LIMIT.
 */
int prefix_set_add(struct prefix_set *set, const struct bw_prefix *prefix, uint32_t value);

/*
 * Must be called between the last add and the first search. An empty new set is sealed; adding
 * unseals. Returns 0 or -ENOMEM, which changes nothing.
 */
int prefix_set_seal(struct prefix_set *set);

/* Finds the longest prefix that contains ADDR; false: none. ret_* may be NULL. */
bool prefix_set_find(const struct prefix_set *set, const struct bw_addr *addr,
		     struct bw_prefix *ret_prefix, uint32_t *ret_value);

/*
 * Whether every address of PREFIX is in the set, in one of its prefixes or in several. Takes
 * one step for each of these.
 */
bool prefix_set_covers(const struct prefix_set *set, const struct bw_prefix *prefix);

/* Whether at least one address of PREFIX is in the set. */
bool prefix_set_overlaps(const struct prefix_set *set, const struct bw_prefix *prefix);

/* The number of prefixes. Once sealed, a prefix that was added twice counts once. */
size_t prefix_set_count(const struct prefix_set *set);

/* How many of the prefixes of a sealed set lie in another one of it. */
size_t prefix_set_nested(const struct prefix_set *set);

/* The N-th prefix of a sealed set, from 0; false behind the last. */
bool prefix_set_at(const struct prefix_set *set, size_t n, struct bw_prefix *ret_prefix);

#endif
