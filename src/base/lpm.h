/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LPM_H
#define BASE_LPM_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>

#include "base/array.h"

/*
 * From address to block. Blocks that follow each other in number and address
 * are kept as one run, found by a binary search; single ones in a hash table of
 * 8 to 16 bytes each. An address is looked for once for each length that
 * occurs, longest first. The prefixes themselves are the caller's.
 */
#define LPM_SHAPES_MAX 32 /* different pairs of family and length */

/* Blocks of one family and length. */
struct lpm_shape {
	uint8_t family, length;
	struct array runs; /* struct lpm_run, ascending by address */
};

struct lpm {
	uint32_t *slots; /* number of a single block plus 1; 0: free */
	uint32_t mask, singles;
	unsigned shape_count;
	struct lpm_shape shapes[LPM_SHAPES_MAX]; /* longest first */
	struct bw_prefix (*prefix_of)(const void *self, uint32_t block);
	const void *self;
};

void lpm_fini(struct lpm *lpm);

/*
 * Adds COUNT blocks from FIRST on, whose prefixes follow each other and are
 * known to prefix_of() already. Returns 0; BW_ERR_OVERLAP when one of the
 * prefixes is there; BW_ERR_LIMIT for too many lengths; -ENOMEM. After a
 * failure some of them may have been added.
 */
int lpm_add(struct lpm *lpm, uint32_t first, uint32_t count);

/* The block of the longest prefix that has ADDR; false: none has. */
bool lpm_find(const struct lpm *lpm, const struct bw_addr *addr, uint32_t *ret_block);

#endif
