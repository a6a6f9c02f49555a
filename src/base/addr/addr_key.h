/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ADDR_KEY_H
#define BASE_ADDR_KEY_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <blockwatch/addr.h>

/*
 * The bits of an address as a number, first bit highest, so that prefixes can be
 * masked and compared by arithmetic. An IPv4 address stands in the top 32 bits:
 * a mask of a given length is the same for both families, and so is the order.
 */
struct addr_key {
	uint64_t hi, lo;
};

/* Eight bytes at once: byte by byte, compilers make 60 instructions of a copy of an address. */
static inline uint64_t addr_key_load(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return be64toh(value);
}
static inline void addr_key_store(uint8_t *p, uint64_t value)
{
	value = htobe64(value);
	memcpy(p, &value, sizeof(value));
}

static inline struct addr_key addr_key_of(const struct bw_addr *addr)
{
	return (struct addr_key){addr_key_load(addr->bytes), addr_key_load(addr->bytes + 8)};
}
static inline struct bw_addr addr_key_addr(struct addr_key key, uint8_t family)
{
	struct bw_addr addr = {.family = family};

	addr_key_store(addr.bytes, key.hi);
	addr_key_store(addr.bytes + 8, key.lo);
	return addr;
}

/* LENGTH (0 to 128) ones, then zeros. */
static inline struct addr_key addr_key_mask(unsigned length)
{
	uint64_t hi = length == 0 ? 0 : length >= 64 ? UINT64_MAX : UINT64_MAX << (64 - length);
	uint64_t lo = length <= 64 ? 0 : UINT64_MAX << (128 - length);

	return (struct addr_key){hi, lo};
}

/* The bits of KEY within and behind the first LENGTH: the first and the last of a prefix. */
static inline struct addr_key addr_key_first(struct addr_key key, unsigned length)
{
	struct addr_key mask = addr_key_mask(length);

	return (struct addr_key){key.hi & mask.hi, key.lo & mask.lo};
}
static inline struct addr_key addr_key_last(struct addr_key key, unsigned length)
{
	struct addr_key mask = addr_key_mask(length);

	return (struct addr_key){key.hi | ~mask.hi, key.lo | ~mask.lo};
}

static inline bool addr_key_equal(struct addr_key a, struct addr_key b)
{
	return a.hi == b.hi && a.lo == b.lo;
}
/* Without a branch: in a binary search one would be guessed wrong half the time. */
static inline bool addr_key_less(struct addr_key a, struct addr_key b)
{
	return (a.hi < b.hi) | ((a.hi == b.hi) & (a.lo < b.lo));
}

/* True when the first LENGTH bits are the same. */
static inline bool addr_key_matches(struct addr_key a, struct addr_key b, unsigned length)
{
	struct addr_key mask = addr_key_mask(length);

	return (((a.hi ^ b.hi) & mask.hi) | ((a.lo ^ b.lo) & mask.lo)) == 0;
}

#endif
