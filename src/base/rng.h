/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

/*
 * Repeatable random numbers (xoshiro256++, Blackman and Vigna 2019, seeded by
 * splitmix64). The state is the caller's. Not for secrets: keys come from
 * libsodium.
 */
struct rng {
	uint64_t s[4];
};

struct rng rng_of(uint64_t seed);
uint64_t rng_u64(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t limit); /* uniform in [0, limit), 0 for limit 0 */
double rng_unit(struct rng *rng);                    /* uniform in [0, 1) */

/* A 64-bit hash of a number (the finalizer of splitmix64), for hashing and seeding. */
uint64_t rng_mix(uint64_t value);

#endif
