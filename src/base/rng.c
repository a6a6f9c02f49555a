/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

struct rng rng_of(uint64_t seed)
{
	struct rng rng;

	for (unsigned i = 0; i < 4; i++)
		rng.s[i] = rng_mix(seed + i * RNG_GOLDEN);
	return rng;
}

static uint64_t rotate_left(uint64_t value, unsigned count)
{
	return value << count | value >> (64 - count);
}

uint64_t rng_u64(struct rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate_left(s[3], 45);
	return result;
}

uint64_t rng_below(struct rng *rng, uint64_t limit)
{
	uint64_t value;
	unsigned shift;

	if (limit <= 1)
		return 0;
	shift = (unsigned)__builtin_clzll(limit - 1);
	do {
		value = rng_u64(rng) >> shift;
	} while (value >= limit);
	return value;
}

double rng_unit(struct rng *rng)
{
	return (double)(rng_u64(rng) >> 11) * 0x1p-53;
}
