/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/addr.h>

#include <arpa/inet.h>
#include <string.h>

#include "base/addr/addr_key.h"

struct bw_addr bw_addr_from_v4(uint32_t value)
{
	return addr_key_addr((struct addr_key){(uint64_t)value << 32, 0}, 4);
}

uint32_t bw_addr_to_v4(const struct bw_addr *addr)
{
	return (uint32_t)(addr_key_of(addr).hi >> 32);
}

int bw_addr_parse(const char *text, struct bw_addr *ret_addr)
{
	struct bw_addr addr = {0};

	if (inet_pton(AF_INET, text, addr.bytes) == 1)
		addr.family = 4;
	else if (inet_pton(AF_INET6, text, addr.bytes) == 1)
		addr.family = 6;
	else
		return BW_ERR_SYNTAX;
	*ret_addr = addr;
	return 0;
}

/* Writes VALUE to base 10 or 16 without leading zeros; returns the end. */
static char *put_number(char *at, unsigned value, unsigned base)
{
	unsigned power = 1;

	while (value / power >= base)
		power *= base;
	for (; power > 0; power /= base)
		*at++ = "0123456789abcdef"[value / power % base];
	return at;
}

static char *put_v4(char *at, const uint8_t *bytes)
{
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			*at++ = '.';
		at = put_number(at, bytes[i], 10);
	}
	return at;
}

static unsigned group_of(const uint8_t *bytes, size_t i)
{
	return (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
}

/* The first of the longest runs of zero groups (RFC 5952, 4.2); its length, 0 below 2. */
static unsigned find_zeros(const uint8_t *bytes, unsigned *ret_from)
{
	unsigned longest = 0;

	for (unsigned i = 0; i < 8; i++) {
		unsigned end = i;

		while (end < 8 && group_of(bytes, end) == 0)
			end++;
		if (end - i > longest) {
			longest = end - i;
			*ret_from = i;
		}
		i = end;
	}
	return longest >= 2 ? longest : 0;
}

static char *put_v6(char *at, const uint8_t *bytes)
{
	unsigned from = 8, zeros = find_zeros(bytes, &from);

	for (unsigned i = 0; i < 8; i++) {
		if (zeros > 0 && i == from) {
			*at++ = ':';
			*at++ = ':';
			i += zeros - 1;
			continue;
		}
		if (i > 0 && at[-1] != ':')
			*at++ = ':';
		at = put_number(at, group_of(bytes, i), 16);
	}
	return at;
}

/* ::ffff:0:0/96, which RFC 5952, 5, writes with the IPv4 address in decimal. */
static bool is_mapped(const uint8_t *bytes)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(bytes, mapped, sizeof(mapped)) == 0;
}

char *bw_addr_format(const struct bw_addr *addr, char *buffer)
{
	char *at = buffer;

	if (addr->family == 4) {
		at = put_v4(at, addr->bytes);
	} else if (addr->family == 6 && is_mapped(addr->bytes)) {
		memcpy(at, "::ffff:", 7);
		at = put_v4(at + 7, addr->bytes + 12);
	} else if (addr->family == 6) {
		at = put_v6(at, addr->bytes);
	} else {
		*at++ = '-';
	}
	*at = '\0';
	return buffer;
}

bool bw_addr_equal(const struct bw_addr *a, const struct bw_addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

int bw_addr_compare(const struct bw_addr *a, const struct bw_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

struct bw_addr bw_addr_add(const struct bw_addr *addr, uint64_t offset)
{
	struct addr_key key = addr_key_of(addr);

	if (addr->family == 4)
		return bw_addr_from_v4(bw_addr_to_v4(addr) + (uint32_t)offset);
	key.lo += offset;
	key.hi += key.lo < offset;
	return addr_key_addr(key, addr->family);
}
