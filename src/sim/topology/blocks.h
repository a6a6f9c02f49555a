/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TOPOLOGY_BLOCKS_H
#define SIM_TOPOLOGY_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/err.h>
#include <blockwatch/prefix.h>

#include "base/addr/lpm.h"
#include "base/array.h"
#include "sim/topology/profile.h"

/*
 * Blocks by number, and the block that has an address. A world of millions of blocks is
 * a few hundred ranges, so a block takes no memory of its own.
 */

/* Blocks that follow each other in number and address. */
struct block_range {
	struct bw_prefix prefix; /* of the first block */
	uint32_t first, count;
	uint32_t network;
	uint32_t first_limit; /* number of the first one's limit, where answers are limited */
	uint16_t profile;
};

/* One block, as found. RANGE is valid until the next range is added. */
struct sim_block {
	uint32_t number;
	const struct block_range *range;
	struct bw_prefix prefix;
};

/* Must not move once ranges have been added: the LPM table points to it. */
struct blocks {
	struct array ranges; /* struct block_range, by number of their first blocks */
	uint32_t count;
	struct lpm lpm;
};

void blocks_init(struct blocks *blocks);
void blocks_fini(struct blocks *blocks);

/*
 * Whether COUNT blocks of a profile may follow each other from FIRST on. Returns 0, or
 * BW_ERR_VALUE: not IPv6 and not IPv4 from /16 on, past the last address, more hosts
 * than have room.
 */
int blocks_check(const struct bw_prefix *first, uint32_t count, const struct sim_profile *profile,
		 struct bw_err *err);

/*
 * Adds a range; its `first` is set here. Returns the number of its first block, -ENOMEM,
 * BW_ERR_OVERLAP or BW_ERR_LIMIT (too many prefix lengths). After a failure the table is
 * incomplete and can only be freed.
 */
int blocks_add(struct blocks *blocks, const struct block_range *range, struct bw_err *err);

/* Block NUMBER, which exists. */
struct sim_block blocks_get(const struct blocks *blocks, uint32_t number);

/* Finds the block of the longest prefix that contains ADDR. Returns false for none. */
static inline bool blocks_find(const struct blocks *blocks, const struct bw_addr *addr,
			       uint32_t *ret_number)
{
	return lpm_find(&blocks->lpm, addr, ret_number);
}

/* The number of a block's limit; its profile limits answers. */
static inline uint32_t blocks_limit(const struct sim_block *block)
{
	return block->range->first_limit + block->number - block->range->first;
}

/* How many addresses of a block may be hosts of groups, and the offset of the first. */
uint32_t blocks_host_room(const struct bw_prefix *prefix, uint32_t *ret_first);

/* The offset of an address in its block; UINT64_MAX for 2^64 or more. */
uint64_t blocks_offset(const struct bw_prefix *prefix, const struct bw_addr *addr);

#endif
