/* SPDX-License-Identifier: Apache-2.0 */
#include "base/permutation.h"

#include <assert.h>

#include "base/rng.h"

/*
 * Every address of a prefix is to be probed once, in an order that spreads the load over
 * all networks, that nobody can guess and that needs no list in memory. A Feistel network is a
 * bijection for any round function, because each round can be undone: one half of its input
 * stands unchanged in its output. Its domain is 2^(2 * half_bits), at most four times the size.
 * An output outside 0..size-1 goes through again until one is inside ("cycle walking"). The walk
 * starts inside, and the cycle of a bijection returns to its start, so it ends, and no two walks
 * end at the same number.
 *
 * Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002, sections 3 and 4;
 * four rounds after Luby and Rackoff, 1988.
 */

#define ROUNDS 4

struct permutation permutation_of(uint64_t size, uint64_t seed)
{
	struct permutation permutation = {.size = size};
	struct rng rng = rng_of(seed);
	unsigned bits = size > 1 ? 64 - (unsigned)__builtin_clzll(size - 1) : 0;

	assert(size > 0 && size <= UINT64_C(1) << 63);
	permutation.half_bits = (bits + 1) / 2;
	for (unsigned i = 0; i < ROUNDS; i++)
		permutation.keys[i] = rng_u64(&rng);
	return permutation;
}

static uint64_t encipher(const struct permutation *permutation, uint64_t n)
{
	unsigned bits = permutation->half_bits;
	uint64_t mask = (UINT64_C(1) << bits) - 1;
	uint64_t left = n >> bits, right = n & mask;

	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t mixed = left ^ (rng_mix(right ^ permutation->keys[i]) & mask);

		left = right;
		right = mixed;
	}
	return left << bits | right;
}

uint64_t permutation_at(const struct permutation *permutation, uint64_t n)
{
	assert(n < permutation->size);
	do {
		n = encipher(permutation, n);
	} while (n >= permutation->size);
	return n;
}
