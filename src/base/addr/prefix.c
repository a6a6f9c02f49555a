/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/prefix.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/addr/addr_key.h"

#define LENGTH_TOO_LONG 1000

/* A length without a sign or a leading zero, LENGTH_TOO_LONG at most; -1 for anything else. */
static int parse_length(const char *text)
{
	int length = 0;

	if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		length = length * 10 + (*text - '0');
		if (length > LENGTH_TOO_LONG)
			length = LENGTH_TOO_LONG;
	}
	return length;
}

static int bad_syntax(const char *text, struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_SYNTAX,
			  "'%.60s' is no prefix or address, such as 198.18.4.0/24 or 2001:db8::1",
			  text);
}

int bw_prefix_parse(const char *text, struct bw_prefix *ret_prefix, struct bw_err *err)
{
	const char *slash = strchr(text, '/');
	size_t size = slash ? (size_t)(slash - text) : strlen(text);
	char addr_text[BW_ADDR_TEXT], meant_text[BW_PREFIX_TEXT];
	struct bw_prefix meant;
	struct bw_addr addr;
	int length;

	if (size >= sizeof(addr_text))
		return bad_syntax(text, err);
	memcpy(addr_text, text, size);
	addr_text[size] = '\0';
	if (bw_addr_parse(addr_text, &addr) < 0)
		return bad_syntax(text, err);
	length = slash ? parse_length(slash + 1) : (int)bw_addr_bits(&addr);
	if (length < 0)
		return bad_syntax(text, err);
	if ((unsigned)length > bw_addr_bits(&addr))
		return bw_err_set(err, BW_ERR_VALUE,
				  "'%.60s': the length of an IPv%u prefix is 0 to %u", text,
				  addr.family, bw_addr_bits(&addr));
	meant = bw_prefix_of(&addr, (unsigned)length);
	if (!bw_addr_equal(&meant.addr, &addr))
		return bw_err_set(err, BW_ERR_VALUE,
				  "'%.60s' has bits set behind its length; %s is meant?", text,
				  bw_prefix_format(&meant, meant_text));
	*ret_prefix = meant;
	return 0;
}

char *bw_prefix_format(const struct bw_prefix *prefix, char *buffer)
{
	char addr[BW_ADDR_TEXT];

	snprintf(buffer, BW_PREFIX_TEXT, "%s/%u", bw_addr_format(&prefix->addr, addr),
		 prefix->length);
	return buffer;
}

struct bw_prefix bw_prefix_of(const struct bw_addr *addr, unsigned length)
{
	struct addr_key first = addr_key_first(addr_key_of(addr), length);

	assert(length <= bw_addr_bits(addr));
	return (struct bw_prefix){addr_key_addr(first, addr->family), (uint8_t)length};
}

bool bw_prefix_contains(const struct bw_prefix *prefix, const struct bw_addr *addr)
{
	return addr->family != 0 && addr->family == prefix->addr.family &&
	       addr_key_matches(addr_key_of(addr), addr_key_of(&prefix->addr), prefix->length);
}

bool bw_prefix_covers(const struct bw_prefix *outer, const struct bw_prefix *inner)
{
	return outer->length <= inner->length && bw_prefix_contains(outer, &inner->addr);
}

bool bw_prefix_overlaps(const struct bw_prefix *a, const struct bw_prefix *b)
{
	return bw_prefix_covers(a, b) || bw_prefix_covers(b, a);
}

int bw_prefix_compare(const struct bw_prefix *a, const struct bw_prefix *b)
{
	int order = bw_addr_compare(&a->addr, &b->addr);

	return order ? order : (int)a->length - (int)b->length;
}

uint64_t bw_prefix_size(const struct bw_prefix *prefix)
{
	unsigned bits = bw_addr_bits(&prefix->addr);

	return bits ? bw_prefix_parts(prefix, bits) : 0;
}

uint64_t bw_prefix_parts(const struct bw_prefix *prefix, unsigned length)
{
	if (length <= prefix->length)
		return 1;
	assert(length <= bw_addr_bits(&prefix->addr));
	if (length - prefix->length >= 64)
		return UINT64_MAX;
	return UINT64_C(1) << (length - prefix->length);
}

struct bw_prefix bw_prefix_part(const struct bw_prefix *prefix, unsigned length, uint64_t n)
{
	struct addr_key key = addr_key_of(&prefix->addr);
	unsigned shift = 128 - length;

	if (length <= prefix->length)
		return *prefix;
	assert(n < bw_prefix_parts(prefix, length) || length - prefix->length >= 64);
	if (shift >= 64) {
		key.hi |= n << (shift - 64);
	} else {
		key.hi |= shift > 0 ? n >> (64 - shift) : 0;
		key.lo |= n << shift;
	}
	return (struct bw_prefix){addr_key_addr(key, prefix->addr.family), (uint8_t)length};
}
