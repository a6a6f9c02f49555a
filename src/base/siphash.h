/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-2-4 (Aumasson and Bernstein 2012), from libsodium. */
struct siphash_key {
	uint8_t bytes[16];
};

/*
 * A key from the system's random source, without which the program aborts; and a repeatable key
 * from a seed, for tests and simulations.
 */
struct siphash_key siphash_key_random(void);
struct siphash_key siphash_key_of(uint64_t seed);

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t length);

#endif
