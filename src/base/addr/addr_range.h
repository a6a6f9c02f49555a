/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ADDR_RANGE_H
#define BASE_ADDR_RANGE_H

#include <blockwatch/prefix.h>

/* A range of addresses of one family, both ends included. All zero: empty. */
struct addr_range {
	struct bw_addr first, last;
};

/* Returns 0, or BW_ERR_VALUE for two families or a LAST before FIRST. */
int addr_range_init(struct addr_range *range, const struct bw_addr *first,
		    const struct bw_addr *last);

/*
 * Takes the largest prefix that begins the range. Repeated calls cut the range into the
 * fewest prefixes, in ascending order. Returns false when the range is empty.
 */
bool addr_range_take(struct addr_range *range, struct bw_prefix *ret_prefix);

#endif
