/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_ROSTER_FIND_H
#define VANTAGE_ROSTER_FIND_H

#include "vantage/roster.h"

/*
 * Numbers of what has a name, a prefix or an address. ROSTER_NONE: there is none. Networks and
 * blocks of a target are in ascending order, which makes these binary searches.
 */
#define ROSTER_NONE UINT32_MAX

/* The first target of this name. */
uint32_t roster_find_target(const struct roster *roster, const char *name);

/* The network or the block of TARGET with exactly this prefix. */
uint32_t roster_find_network(const struct roster *roster, uint32_t target,
			     const struct bw_prefix *prefix);
uint32_t roster_find_block(const struct roster *roster, uint32_t target,
			   const struct bw_prefix *prefix);

/* The block of TARGET that contains ADDR; the host of BLOCK with this address. */
uint32_t roster_find_block_of(const struct roster *roster, uint32_t target,
			      const struct bw_addr *addr);
uint32_t roster_find_host(const struct roster *roster, uint32_t block, const struct bw_addr *addr);

#endif
