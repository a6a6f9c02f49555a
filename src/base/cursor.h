/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one way in which decoders read: a bounded window that only shrinks. A
 * read past the end returns 0 (or NULL), sets `failed` and leaves the window
 * empty, so that a decoder may read on and ask once at the end.
 */
struct cursor {
	const uint8_t *at, *end;
	bool failed;
};

static inline struct cursor cursor_of(const void *bytes, size_t length)
{
	const uint8_t *at = (const uint8_t *)bytes;
	return (struct cursor){at, at ? at + length : at, false};
}
static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* COUNT bytes, borrowed; NULL when they are not there. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t count)
{
	const uint8_t *at = c->at;

	if (count > cursor_left(c)) {
		c->failed = true;
		c->at = c->end;
		return NULL;
	}
	c->at += count;
	return at;
}
static inline void cursor_skip(struct cursor *c, size_t count)
{
	(void)cursor_take(c, count);
}
/* Narrows the window to COUNT bytes, when it is longer. */
static inline void cursor_limit(struct cursor *c, size_t count)
{
	if (count < cursor_left(c))
		c->end = c->at + count;
}
static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 1);
	return p ? p[0] : 0;
}
static inline uint16_t cursor_u16(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 2);
	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}
static inline uint32_t cursor_u32(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);
	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}
static inline uint64_t cursor_u64(struct cursor *c)
{
	uint64_t high = cursor_u32(c);
	return high << 32 | cursor_u32(c);
}

/* Writing in network order, for packets that are patched. */
static inline void put_u16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}
static inline void put_u32(uint8_t *p, uint32_t v)
{
	put_u16(p, (uint16_t)(v >> 16));
	put_u16(p + 2, (uint16_t)v);
}
static inline void put_u64(uint8_t *p, uint64_t v)
{
	put_u32(p, (uint32_t)(v >> 32));
	put_u32(p + 4, (uint32_t)v);
}

#endif
