/* SPDX-License-Identifier: Apache-2.0 */
#include "base/siphash.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/rng.h"

_Static_assert(crypto_shorthash_KEYBYTES == sizeof(struct siphash_key), "the key of SipHash");
_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "the result of SipHash-2-4");

static uint64_t load_le64(const uint8_t *p)
{
	uint64_t value = 0;

	for (unsigned i = 8; i-- > 0;)
		value = value << 8 | p[i];
	return value;
}

static void store_le64(uint8_t *p, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

struct siphash_key siphash_key_random(void)
{
	struct siphash_key key;

	/* Without a source of random bytes there is no token worth sending. */
	if (sodium_init() < 0)
		abort();
	randombytes_buf(key.bytes, sizeof(key.bytes));
	return key;
}

struct siphash_key siphash_key_of(uint64_t seed)
{
	struct siphash_key key;

	store_le64(key.bytes, rng_mix(seed));
	store_le64(key.bytes + 8, rng_mix(~seed));
	return key;
}

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t length)
{
	uint8_t result[crypto_shorthash_BYTES];

	crypto_shorthash(result, bytes, length, key->bytes);
	return load_le64(result);
}
