/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PREFIX_SET_H
#define BASE_PREFIX_SET_H

#include <blockwatch/prefix.h>

/*
 * A set of prefixes with longest match, IPv4 and IPv6 in one: opt-outs,
 * special-purpose registries, prefix-to-number tables. Filled, then sealed
 * (sorted), then asked; a look-up is a short binary search and allocates
 * nothing. A million prefixes take 25 MB once sealed, 36 MB before; there may
 * be up to 2^24 - 2 in a family.
 */
struct prefix_set;

struct prefix_set *prefix_set_new(void); /* NULL: out of memory */
void prefix_set_free(struct prefix_set *set);

/*
 * VALUE is the caller's. A prefix given twice keeps its last value.
 * 0, -ENOMEM or BW_ERR_LIMIT.
 */
int prefix_set_add(struct prefix_set *set, const struct bw_prefix *prefix, uint32_t value);

/*
 * Must come between the last add and the first look-up; adding again unseals.
 * A new set, empty, is sealed. 0 or -ENOMEM (then nothing is lost; try again).
 */
int prefix_set_seal(struct prefix_set *set);

/* The longest prefix that contains ADDR; true when there is one. ret_* may be NULL. */
bool prefix_set_find(const struct prefix_set *set, const struct bw_addr *addr,
		     struct bw_prefix *ret_prefix, uint32_t *ret_value);

/*
 * True when every address of PREFIX is in the set, by one of its prefixes or by
 * several together (as many steps as those that pave it).
 */
bool prefix_set_covers(const struct prefix_set *set, const struct bw_prefix *prefix);

/* True when at least one address of PREFIX is in the set. */
bool prefix_set_overlaps(const struct prefix_set *set, const struct bw_prefix *prefix);

/* How many prefixes; a prefix given twice counts once when the set is sealed. */
size_t prefix_set_count(const struct prefix_set *set);

#endif
