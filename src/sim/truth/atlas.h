/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_ATLAS_H
#define SIM_ATLAS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>

/*
 * From address to block: a hash table of prefixes, asked once for each length
 * that occurs. 8 to 16 bytes a block. The prefixes themselves are the caller's,
 * who hands them out by number.
 */
#define ATLAS_SHAPES_MAX 32 /* different pairs of family and length */

struct atlas_shape {
	uint8_t family, length;
};

struct atlas {
	uint32_t *slots; /* number of a block plus 1; 0: free */
	uint32_t mask, count;
	unsigned shape_count;
	struct atlas_shape shapes[ATLAS_SHAPES_MAX]; /* longest first */
	const struct bw_prefix *(*prefix_of)(const void *self, uint32_t block);
	const void *self;
};

void atlas_fini(struct atlas *atlas);

/* Room for COUNT more. 0 or -ENOMEM. */
int atlas_reserve(struct atlas *atlas, uint32_t count);

/*
 * Adds a block whose prefix prefix_of() already knows. 0; BW_ERR_OVERLAP when
 * the prefix is there; BW_ERR_LIMIT for too many lengths; -ENOMEM.
 */
int atlas_add(struct atlas *atlas, uint32_t block);

/* The block of the longest prefix that has ADDR; false: none has. */
bool atlas_find(const struct atlas *atlas, const struct bw_addr *addr, uint32_t *ret_block);

#endif
