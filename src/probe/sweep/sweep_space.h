/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_SPACE_H
#define PROBE_SWEEP_SPACE_H

#include <stddef.h>

#include <blockwatch/prefix.h>

#include "probe/permit.h"

/*
 * The addresses that a sweep probes: a set in which each address has a number from 0 on,
 * so that the order is arithmetic and what is known of an address is a bit. Addresses of
 * prefixes take no memory, single ones 4 bytes (IPv4) or 16 (IPv6).
 */
struct sweep_space;

#define SWEEP_SPACE_MAX (UINT64_C(1) << 33) /* addresses of all families */

/* The addresses that were added, by what happens to them. */
struct sweep_space_sum {
	uint64_t count;                 /* those that will be asked, */
	uint64_t count_v4, count_v6;    /* by family */
	uint64_t repeated;              /* given twice, asked once */
	uint64_t blocklisted, reserved; /* left out */
};

struct sweep_space *sweep_space_new(void); /* NULL: out of memory */
void sweep_space_free(struct sweep_space *space);

/*
 * Adds a prefix or (in full length) an address; overlaps are fine. Returns 0,
 * -ENOMEM, or BW_ERR_LIMIT for an IPv6 prefix that is too large to ask each of
 * its addresses.
 */
int sweep_space_add(struct sweep_space *space, const struct bw_prefix *prefix);

/*
 * Must come between the last add and everything below: sorts, makes one of what
 * overlaps, leaves out whom PERMIT forbids. 0, -ENOMEM or BW_ERR_LIMIT.
 */
int sweep_space_seal(struct sweep_space *space, const struct permit *permit,
		     struct sweep_space_sum *ret_sum);

uint64_t sweep_space_count(const struct sweep_space *space);

/*
 * The first number of the single addresses; below it are those of prefixes. Within
 * both, addresses ascend with their numbers.
 */
uint64_t sweep_space_singles(const struct sweep_space *space);

/* The address with that number, which is below the count. */
struct bw_addr sweep_space_at(const struct sweep_space *space, uint64_t number);

/* The number of an address; false when it is not in the space. */
bool sweep_space_find(const struct sweep_space *space, const struct bw_addr *addr,
		      uint64_t *ret_number);

/*
 * A fingerprint under which spaces of the same addresses are known again.
 */
uint64_t sweep_space_fingerprint(const struct sweep_space *space);

#endif
