/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LPM_H
#define BASE_LPM_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/prefix.h>

#include "base/array.h"

/*
 * Longest-prefix match from addresses to the numbers of prefixes, for millions of
 * prefixes that come in rows. Prefixes that follow each other in number and address are
 * kept as one run, which a binary search finds. Single ones are in a hash table of 8 to
 * 16 bytes each. A look-up tries each prefix length that occurs, the longest first.
 * Look-ups may come between additions. The prefixes themselves stay with the caller,
 * who returns them by number through prefix_of().
 *
 * base/prefix_set is for tables whose prefixes are not in rows: it stores them itself,
 * is sealed before use, and knows coverage and overlap.
 */
#define LPM_SHAPES_MAX 32 /* different pairs of family and length */

/* The prefixes of one family and length. */
struct lpm_shape {
	uint8_t family, length;
	struct array runs; /* struct lpm_run, ascending by address */
};

struct lpm {
	uint32_t *slots; /* number of a single prefix plus 1; 0: free */
	uint32_t mask, singles;
	unsigned shape_count;
	struct lpm_shape shapes[LPM_SHAPES_MAX]; /* longest first */
	struct bw_prefix (*prefix_of)(const void *self, uint32_t number);
	const void *self;
};

/* Frees the tables; prefix_of and self stay. */
void lpm_fini(struct lpm *lpm);

/*
 * Adds COUNT prefixes from number FIRST on. They follow each other in address, and
 * prefix_of() returns them already. Returns 0; BW_ERR_OVERLAP when one of the prefixes
 * is there; BW_ERR_LIMIT for too many lengths; -ENOMEM. After a failure some of them may
 * have been added.
 */
int lpm_add(struct lpm *lpm, uint32_t first, uint32_t count);

/* Finds the number of the longest prefix that contains ADDR. Returns false for none. */
bool lpm_find(const struct lpm *lpm, const struct bw_addr *addr, uint32_t *ret_number);

#endif
