/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_PREFIX_H
#define BLOCKWATCH_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/err.h>

/* A prefix. The bits of addr after the first `length` are 0. */
struct bw_prefix {
	struct bw_addr addr;
	uint8_t length;
};

#define BW_PREFIX_TEXT 50 /* room for a prefix and its terminator */

/*
 * Parses "ADDRESS/LENGTH", or "ADDRESS" for a prefix of full length. Returns 0 or one of:
 * BW_ERR_SYNTAX; BW_ERR_VALUE for a length out of range, or for address bits after the
 * length, where the message names the prefix without them.
 */
int bw_prefix_parse(const char *text, struct bw_prefix *ret_prefix, struct bw_err *err);

/* Writes "198.18.0.0/24". BUFFER holds BW_PREFIX_TEXT bytes. Returns BUFFER. */
char *bw_prefix_format(const struct bw_prefix *prefix, char *buffer);

/* The prefix of LENGTH bits that contains ADDR. LENGTH is at most bw_addr_bits(ADDR). */
struct bw_prefix bw_prefix_of(const struct bw_addr *addr, unsigned length);

/* Whether an address, or a whole prefix, is in it; and whether two share an address. */
bool bw_prefix_contains(const struct bw_prefix *prefix, const struct bw_addr *addr);
bool bw_prefix_covers(const struct bw_prefix *outer, const struct bw_prefix *inner);
bool bw_prefix_overlaps(const struct bw_prefix *a, const struct bw_prefix *b);

/* Orders by first address, then by length: negative, 0 or positive. */
int bw_prefix_compare(const struct bw_prefix *a, const struct bw_prefix *b);

/* The number of addresses; UINT64_MAX for 2^64 and more. */
uint64_t bw_prefix_size(const struct bw_prefix *prefix);

/*
 * The number of prefixes of LENGTH bits in PREFIX: 1 if it is that long or longer,
 * UINT64_MAX for 2^64 and more.
 */
uint64_t bw_prefix_parts(const struct bw_prefix *prefix, unsigned length);

/* The N-th of them, from 0; PREFIX itself if it is longer. */
struct bw_prefix bw_prefix_part(const struct bw_prefix *prefix, unsigned length, uint64_t n);

#endif
