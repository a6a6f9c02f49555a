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

#define RNG_GOLDEN UINT64_C(0x9e3779b97f4a7c15) /* 2^64 divided by the golden ratio, odd */

/* A 64-bit hash of a number (the finalizer of splitmix64), for hashing and seeding. */
static inline uint64_t rng_mix(uint64_t value)
{
	value += RNG_GOLDEN;
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

#endif
