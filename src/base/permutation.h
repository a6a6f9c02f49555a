/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PERMUTE_H
#define BASE_PERMUTE_H

#include <stdint.h>

/*
 * A keyed permutation of 0..size-1 that is computed, not stored: a balanced Feistel network over
 * the next even power of two, with cycle walking (Black and Rogaway, CT-RSA 2002). Size: 1 to
 * 2^63. Not for secrets.
 */
struct permutation {
	uint64_t size;
	uint64_t keys[4];
	unsigned half_bits;
};

struct permutation permutation_of(uint64_t size, uint64_t seed);

/* The number at place N of the permutation. N is below size. */
uint64_t permutation_at(const struct permutation *permute, uint64_t n);

#endif
