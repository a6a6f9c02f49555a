/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_ADDR_H
#define BLOCKWATCH_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/err.h>

/* An IPv4 or IPv6 address. The bytes are in the order of the text form. */
struct bw_addr {
	uint8_t family;    /* 4, 6, or 0 for none */
	uint8_t bytes[16]; /* the first 4 for IPv4, the rest 0 */
};

/* A prefix; bits of addr behind length are 0. */
struct bw_prefix {
	struct bw_addr addr;
	uint8_t length;
};

#define BW_ADDR_TEXT 46   /* room for an address and its terminator */
#define BW_PREFIX_TEXT 50 /* room for a prefix and its terminator */

/* 32 or 128; 0 for no address. */
static inline unsigned bw_addr_bits(const struct bw_addr *addr)
{
	return addr->family == 4 ? 32 : addr->family == 6 ? 128 : 0;
}

/* An IPv4 address of a number in host order, and back. */
struct bw_addr bw_addr_from_v4(uint32_t value);
uint32_t bw_addr_to_v4(const struct bw_addr *addr);

/*
 * Parses exactly TEXT (no surrounding space, no zone, no port).
 * Returns 0 or BW_ERR_SYNTAX.
 */
int bw_addr_parse(const char *text, struct bw_addr *ret_addr);

/* RFC 5952 text; buffer holds BW_ADDR_TEXT bytes. Returns buffer. */
char *bw_addr_format(const struct bw_addr *addr, char *buffer);

bool bw_addr_equal(const struct bw_addr *a, const struct bw_addr *b);

/* Orders by family, then by value: negative, 0 or positive. */
int bw_addr_compare(const struct bw_addr *a, const struct bw_addr *b);

/* addr + offset, wrapping at the end of the family's space. */
struct bw_addr bw_addr_add(const struct bw_addr *addr, uint64_t offset);

/*
 * Parses "ADDRESS/LENGTH" or "ADDRESS" (a prefix of full length).
 * Returns 0; BW_ERR_SYNTAX; BW_ERR_VALUE for bits behind the length or a length
 * out of range; err says which and names the prefix that was meant.
 */
int bw_prefix_parse(const char *text, struct bw_prefix *ret_prefix, struct bw_err *err);

/* "198.18.0.0/24"; buffer holds BW_PREFIX_TEXT bytes. Returns buffer. */
char *bw_prefix_format(const struct bw_prefix *prefix, char *buffer);

/* The prefix of LENGTH bits (at most the family's) that contains ADDR. */
struct bw_prefix bw_prefix_of(const struct bw_addr *addr, unsigned length);

bool bw_prefix_contains(const struct bw_prefix *prefix, const struct bw_addr *addr);
bool bw_prefix_covers(const struct bw_prefix *outer, const struct bw_prefix *inner);
bool bw_prefix_overlaps(const struct bw_prefix *a, const struct bw_prefix *b);

/* By first address, then the shorter length first. */
int bw_prefix_compare(const struct bw_prefix *a, const struct bw_prefix *b);

/* How many addresses, or UINT64_MAX when they are 2^64 or more. */
uint64_t bw_prefix_size(const struct bw_prefix *prefix);

/*
 * How many prefixes of LENGTH bits are in PREFIX: 1 when it is that long
 * already or longer, UINT64_MAX when they are 2^64 or more.
 */
uint64_t bw_prefix_parts(const struct bw_prefix *prefix, unsigned length);

/* The N-th (from 0) of those parts; PREFIX itself when it is longer. */
struct bw_prefix bw_prefix_part(const struct bw_prefix *prefix, unsigned length, uint64_t n);

#endif
