/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr/special_purpose.h"

#include "base/addr/addr_key.h"
#include "base/addr/prefix_set.h"

/*
 * Two tables, both from the IANA IPv4 and IPv6 Special-Purpose Address
 * Registries (RFC 6890, RFC 8190; state of 2025-10-09) and each from the widest
 * prefix to the narrowest, so that the last match is the longest one. `special`
 * holds what is not marked "globally reachable", "N/A" included, and the parts
 * of the address space that are not unicast or not yet given out. `reachable`
 * holds the exceptions that are so marked; only those that lie in an entry of
 * `special` have to be here (192.31.196.0/24, 192.52.193.0/24, 192.175.48.0/24
 * and 2620:4f:8000::/48 do not). No entry of `special` lies in one of them.
 *
 * 64:ff9b::/96 carries an IPv4 address (RFC 6052), which 3.1 of that RFC
 * requires to be a global one: there the IPv4 table has the last word.
 *
 * The set has no exceptions, so each entry is cut into the prefixes that remain
 * around them. A remaining prefix may be as long as a narrower entry, but then
 * it is that entry's own prefix, which comes later and wins.
 */

struct range {
	struct addr_key first;
	uint8_t family, length;
	const char *name;
	bool no_host; /* no host has such an address */
};

#define V4(a, b, c, d) \
	{UINT64_C(a) << 56 | UINT64_C(b) << 48 | UINT64_C(c) << 40 | UINT64_C(d) << 32, 0}, 4
#define V6(hi, lo) {UINT64_C(hi), UINT64_C(lo)}, 6
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct range special[] = {
	{V4(224, 0, 0, 0), 4, "multicast (RFC 5771)", true},
	{V4(240, 0, 0, 0), 4, "reserved (RFC 1112)"},
	{V4(0, 0, 0, 0), 8, "this network (RFC 791)"},
	{V4(10, 0, 0, 0), 8, "private-use (RFC 1918)"},
	{V4(127, 0, 0, 0), 8, "loopback (RFC 1122)"},
	{V4(100, 64, 0, 0), 10, "shared address space (RFC 6598)"},
	{V4(172, 16, 0, 0), 12, "private-use (RFC 1918)"},
	{V4(198, 18, 0, 0), 15, "benchmarking (RFC 2544)"},
	{V4(169, 254, 0, 0), 16, "link-local (RFC 3927)"},
	{V4(192, 168, 0, 0), 16, "private-use (RFC 1918)"},
	{V4(192, 0, 0, 0), 24, "IETF protocol assignments (RFC 6890)"},
	{V4(192, 0, 2, 0), 24, "documentation (RFC 5737)"},
	{V4(192, 88, 99, 0), 24, "deprecated 6to4 relay anycast (RFC 7526)"},
	{V4(198, 51, 100, 0), 24, "documentation (RFC 5737)"},
	{V4(203, 0, 113, 0), 24, "documentation (RFC 5737)"},
	{V4(192, 0, 0, 0), 29, "IPv4 service continuity (RFC 7335)"},
	{V4(0, 0, 0, 0), 32, "this host on this network (RFC 1122)", true},
	{V4(192, 0, 0, 8), 32, "IPv4 dummy address (RFC 7600)"},
	{V4(192, 0, 0, 170), 32, "NAT64/DNS64 discovery (RFC 8880)"},
	{V4(192, 0, 0, 171), 32, "NAT64/DNS64 discovery (RFC 8880)"},
	{V4(192, 88, 99, 2), 32, "6a44 relay anycast (RFC 6751)"},
	{V4(255, 255, 255, 255), 32, "limited broadcast (RFC 919)", true},

	{V6(0x8000000000000000, 0), 1, "not global unicast (RFC 4291)"},
	{V6(0x4000000000000000, 0), 2, "not global unicast (RFC 4291)"},
	{V6(0x0000000000000000, 0), 3, "not global unicast (RFC 4291)"},
	{V6(0xfc00000000000000, 0), 7, "unique-local (RFC 4193)"},
	{V6(0xff00000000000000, 0), 8, "multicast (RFC 4291)", true},
	{V6(0xfe80000000000000, 0), 10, "link-local (RFC 4291)"},
	{V6(0xfec0000000000000, 0), 10, "deprecated site-local (RFC 3879)"},
	{V6(0x2002000000000000, 0), 16, "6to4 (RFC 3056)"},
	{V6(0x5f00000000000000, 0), 16, "segment routing SIDs (RFC 9602)"},
	{V6(0x3fff000000000000, 0), 20, "documentation (RFC 9637)"},
	{V6(0x2001000000000000, 0), 23, "IETF protocol assignments (RFC 2928)"},
	{V6(0x2001001000000000, 0), 28, "deprecated ORCHID (RFC 4843)"},
	{V6(0x2001000000000000, 0), 32, "Teredo (RFC 4380)"},
	{V6(0x20010db800000000, 0), 32, "documentation (RFC 3849)"},
	{V6(0x0064ff9b00010000, 0), 48, "local-use IPv4/IPv6 translation (RFC 8215)"},
	{V6(0x2001000200000000, 0), 48, "benchmarking (RFC 5180)"},
	{V6(0x0100000000000000, 0), 64, "discard-only (RFC 6666)"},
	{V6(0x0100000000000001, 0), 64, "dummy prefix (RFC 9780)"},
	{V6(0, 0x0000ffff00000000), 96, "IPv4-mapped (RFC 4291)"},
	{V6(0, 0), 128, "unspecified (RFC 4291)", true},
	{V6(0, 1), 128, "loopback (RFC 4291)"},
};

/* TURN, PCP and DNS-SD anycast, AMT, AS112, ORCHIDv2, DRIP tags, IPv4/IPv6 translation. */
static const struct range reachable[] = {
	{V6(0x2001002000000000, 0), 28, "ORCHIDv2 (RFC 7343)"},
	{V6(0x2001003000000000, 0), 28, "drone remote identification (RFC 9374)"},
	{V4(192, 0, 0, 9), 32, "port control protocol anycast (RFC 7723)"},
	{V4(192, 0, 0, 10), 32, "TURN anycast (RFC 8155)"},
	{V6(0x2001000300000000, 0), 32, "automatic multicast tunneling (RFC 7450)"},
	{V6(0x2001000401120000, 0), 48, "AS112 (RFC 7535)"},
	{V6(0x0064ff9b00000000, 0), 96, "IPv4/IPv6 translation (RFC 6052)"},
	{V6(0x2001000100000000, 1), 128, "port control protocol anycast (RFC 7723)"},
	{V6(0x2001000100000000, 2), 128, "TURN anycast (RFC 8155)"},
	{V6(0x2001000100000000, 3), 128, "DNS-SD registration anycast (RFC 9665)"},
};

#define TRANSLATION UINT64_C(0x0064ff9b00000000)
#define TRANSLATION_LENGTH 96

static bool range_contains(const struct range *range, const struct addr_key *key, uint8_t family)
{
	return range->family == family && addr_key_matches(range->first, *key, range->length);
}

static bool is_reachable(const struct addr_key *key, uint8_t family)
{
	for (size_t i = 0; i < COUNT(reachable); i++) {
		if (range_contains(&reachable[i], key, family))
			return true;
	}
	return false;
}

int special_purpose_find(const struct bw_addr *addr)
{
	struct addr_key key = addr_key_of(addr);
	uint8_t family = addr->family;

	if (family == 6 && key.hi == TRANSLATION && key.lo >> 32 == 0) {
		key = (struct addr_key){key.lo << 32, 0};
		family = 4;
	}
	if (is_reachable(&key, family))
		return -1;
	for (size_t i = COUNT(special); i-- > 0;) {
		if (range_contains(&special[i], &key, family))
			return (int)i;
	}
	return -1;
}

const char *special_purpose_name(uint32_t index)
{
	return index < COUNT(special) ? special[index].name : NULL;
}

/* Adds a prefix; one of IPv4 a second time, as it looks behind a translator. */
static int add_piece(struct prefix_set *set, const struct range *piece, uint32_t value)
{
	struct bw_prefix prefix = {addr_key_addr(piece->first, piece->family), piece->length};
	int result = prefix_set_add(set, &prefix, value);

	if (result < 0 || piece->family != 4)
		return result;
	prefix.addr = addr_key_addr((struct addr_key){TRANSLATION, piece->first.hi >> 32}, 6);
	prefix.length = (uint8_t)(TRANSLATION_LENGTH + piece->length);
	return prefix_set_add(set, &prefix, value);
}

static bool holds_exception(const struct range *piece)
{
	for (size_t i = 0; i < COUNT(reachable); i++) {
		if (reachable[i].length > piece->length &&
		    range_contains(piece, &reachable[i].first, reachable[i].family))
			return true;
	}
	return false;
}

/* Adds what of PIECE is not reachable, halving it (at most 128 times) down to the exceptions. */
static int add_rest(struct prefix_set *set, struct range piece, uint32_t value)
{
	struct addr_key outer = addr_key_mask(piece.length), inner;
	int result;

	if (is_reachable(&piece.first, piece.family) && !holds_exception(&piece))
		return 0;
	if (!holds_exception(&piece))
		return add_piece(set, &piece, value);
	inner = addr_key_mask(++piece.length);
	result = add_rest(set, piece, value);
	if (result < 0)
		return result;
	piece.first.hi |= inner.hi ^ outer.hi;
	piece.first.lo |= inner.lo ^ outer.lo;
	return add_rest(set, piece, value);
}

int special_purpose_add_to(struct prefix_set *set, bool allow_reserved)
{
	for (size_t i = 0; i < COUNT(special); i++) {
		int result = special[i].no_host || !allow_reserved
				     ? add_rest(set, special[i], (uint32_t)i)
				     : 0;

		if (result < 0)
			return result;
	}
	return 0;
}

bool special_purpose_is_no_host(const struct bw_addr *addr)
{
	const int index = special_purpose_find(addr);

	return index >= 0 && special[index].no_host;
}
