/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_RANGES_H
#define PROBE_SWEEP_RANGES_H

#include <stddef.h>

#include "base/addr/addr_key.h"
#include "probe/permit.h"

/*
 * Ranges of addresses: what is left of the prefixes of a sweep after overlaps are merged
 * and forbidden addresses are cut out. Addresses are 128-bit numbers; an IPv4 address is
 * in the low 32 bits.
 */
struct sweep_range {
	struct addr_key first;
	uint64_t count;
	uint64_t base; /* the number of its first address in the space; the space's to set */
	uint8_t family;
};

/* All zero: empty. */
struct sweep_ranges {
	struct sweep_range *list;
	size_t count, room;
};

/* Addresses that were cut out. */
struct sweep_ranges_cut {
	uint64_t blocklisted, reserved;
};

void sweep_ranges_fini(struct sweep_ranges *ranges);

/* Adds a prefix. Returns 0 or -ENOMEM. */
int sweep_ranges_add(struct sweep_ranges *ranges, const struct bw_prefix *prefix);

/* Sorts the ranges and makes one of ranges that overlap or touch. */
void sweep_ranges_merge(struct sweep_ranges *ranges);

/* Cuts out what PERMIT forbids; then they need to be merged. Returns 0 or -ENOMEM. */
int sweep_ranges_carve(struct sweep_ranges *ranges, const struct permit *permit,
		       struct sweep_ranges_cut *ret_cut);

/* The range that holds an address; NULL when there is none. They must be merged. */
const struct sweep_range *sweep_ranges_find(const struct sweep_ranges *ranges,
					    struct addr_key number, uint8_t family);

/* The number of an address, and the address at OFFSET in a range. */
struct addr_key sweep_ranges_number(const struct bw_addr *addr);
struct bw_addr sweep_ranges_addr(const struct sweep_range *range, uint64_t offset);

/* How far NUMBER is behind the first address of a range that holds it. */
uint64_t sweep_ranges_offset(const struct sweep_range *range, struct addr_key number);

/* Room for one more in an array; it grows by half. Returns 0 or -ENOMEM. */
int sweep_ranges_grow(void **list, size_t size, size_t count, size_t *room);

#endif
