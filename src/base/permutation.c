/* SPDX-License-Identifier: Apache-2.0 */
#include "base/permutation.h"

#include <assert.h>

#include "base/rng.h"

/*
 * Every address of a prefix is to be probed once, in an order that spreads the
 * load over all networks and that nobody can guess, without a list of the
 * addresses in memory. A Feistel network is a bijection whatever its round
 * function is, because each round can be undone: the half that went in stands
 * unchanged in the result. Its domain is 2^(2 * half_bits), at most four times
 * the size. A result outside 0..size-1 is sent through again, until one falls
 * inside ("cycle walking"): the walk starts inside, and a cycle of a bijection
 * comes back to where it began, so it ends, and no two walks end in one place.
 *
 * Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002, 3
 * and 4; four rounds after Luby and Rackoff, 1988.
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
