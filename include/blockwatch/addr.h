/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_ADDR_H
#define BLOCKWATCH_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/err.h>

/* An IPv4 or IPv6 address. The bytes are in network order, as in a packet. */
struct bw_addr {
	uint8_t family;    /* 4, 6, or 0 for none */
	uint8_t bytes[16]; /* the first 4 for IPv4, the rest 0 */
};

#define BW_ADDR_TEXT 46 /* room for an address and its terminator */

/* 32 or 128; 0 for no address. */
static inline unsigned bw_addr_bits(const struct bw_addr *addr)
{
	return addr->family == 4 ? 32 : addr->family == 6 ? 128 : 0;
}

/* An IPv4 address from a number in host byte order, and back. */
struct bw_addr bw_addr_from_v4(uint32_t value);
uint32_t bw_addr_to_v4(const struct bw_addr *addr);

/*
 * Parses TEXT, which must be an address and nothing else (no space, zone or port).
 * Returns 0 or BW_ERR_SYNTAX.
 */
int bw_addr_parse(const char *text, struct bw_addr *ret_addr);

/* Writes text as of RFC 5952. BUFFER holds BW_ADDR_TEXT bytes. Returns BUFFER. */
char *bw_addr_format(const struct bw_addr *addr, char *buffer);

bool bw_addr_equal(const struct bw_addr *a, const struct bw_addr *b);

/* Orders by family, then by value: negative, 0 or positive. */
int bw_addr_compare(const struct bw_addr *a, const struct bw_addr *b);

/* ADDR + OFFSET, which wraps at the end of the address space of its family. */
struct bw_addr bw_addr_add(const struct bw_addr *addr, uint64_t offset);

#endif
