/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BIT_RING_H
#define BASE_BIT_RING_H

#include <stdint.h>

/*
 * A ring of 4096 bits in which the next one that is set is found in constant time: one more
 * word has a bit for each word that is not 0. All zeros is a ring in which none is set.
 */
#define BIT_RING_SIZE 4096

struct bit_ring {
	uint64_t words[BIT_RING_SIZE / 64];
	uint64_t summary; /* 0: no bit is set */
};

static inline void bit_ring_set(struct bit_ring *ring, unsigned bit)
{
	ring->words[bit / 64] |= UINT64_C(1) << bit % 64;
	ring->summary |= UINT64_C(1) << bit / 64;
}

static inline void bit_ring_clear(struct bit_ring *ring, unsigned bit)
{
	ring->words[bit / 64] &= ~(UINT64_C(1) << bit % 64);
	if (ring->words[bit / 64] == 0)
		ring->summary &= ~(UINT64_C(1) << bit / 64);
}

/* The first bit that is set from FROM on, going round. There must be one. */
static inline unsigned bit_ring_next(const struct bit_ring *ring, unsigned from)
{
	unsigned word = from / 64;
	uint64_t bits = ring->words[word] & UINT64_MAX << from % 64;

	if (bits == 0) {
		uint64_t behind = ring->summary & UINT64_MAX << word << 1;

		word = (unsigned)__builtin_ctzll(behind ? behind : ring->summary);
		bits = ring->words[word];
	}
	return word * 64 + (unsigned)__builtin_ctzll(bits);
}

#endif
