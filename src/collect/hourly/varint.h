/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_HOURLY_VARINT_H
#define COLLECT_HOURLY_VARINT_H

#include "base/cursor.h"

/* Whole numbers of 64 bits in 1 to 10 bytes: seven bits a byte, the lowest first (LEB128). */
#define VARINT_MAX 10

/* Writes VALUE. Returns the place behind it. */
static inline uint8_t *varint_put(uint8_t *to, uint64_t value)
{
	while (value >= 0x80) {
		*to++ = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	*to++ = (uint8_t)value;
	return to;
}

/* Small numbers of either sign become small numbers, and these again. */
static inline uint64_t varint_fold(int64_t value)
{
	return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}
static inline int64_t varint_unfold(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static inline uint64_t varint_take(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		const uint8_t byte = cursor_u8(c);

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	c->failed = true;
	return 0;
}

#endif
