/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/ip.h"

#include <string.h>

#include "wire/cksum.h"

/* IPv6 extension headers (RFC 8200, section 4; RFC 4302). */
#define NEXT_HOP_BY_HOP 0
#define NEXT_ROUTING 43
#define NEXT_FRAGMENT 44
#define NEXT_AUTHENTICATION 51
#define NEXT_DESTINATION 60

/* RFC 8200 allows seven; longer chains are somebody's attack on parsers. */
#define CHAIN_MAX 8

#define V4_CHECKSUM 10 /* its place in the header */
#define V4_MORE_FRAGMENTS 0x2000
#define V4_OFFSET 0x1fff
#define V6_MORE_FRAGMENTS 0x0001
#define V6_OFFSET 0xfff8

/* The lengths that a header claims. */
struct claim {
	uint32_t header; /* IPv4 with options; IPv6 without extension headers */
	uint32_t packet;
};

static struct bw_addr read_addr(struct cursor *c, uint8_t family, size_t size)
{
	const uint8_t *bytes = cursor_take(c, size);
	struct bw_addr addr = {.family = family};

	if (bytes)
		memcpy(addr.bytes, bytes, size);
	return addr;
}

static struct claim read_v4(struct cursor *c, struct ip *ip)
{
	struct claim claim;
	uint16_t fragment;

	claim.header = (cursor_u8(c) & 0x0f) * 4;
	cursor_skip(c, 1);
	claim.packet = cursor_u16(c);
	ip->id = cursor_u16(c);
	fragment = cursor_u16(c);
	ip->later = fragment & V4_OFFSET;
	ip->fragment = ip->later || fragment & V4_MORE_FRAGMENTS;
	ip->ttl = cursor_u8(c);
	ip->protocol = cursor_u8(c);
	cursor_skip(c, 2);
	ip->src = read_addr(c, 4, 4);
	ip->dst = read_addr(c, 4, 4);
	if (claim.header > IP_V4_HEADER)
		cursor_skip(c, claim.header - IP_V4_HEADER);
	return claim;
}

static struct claim read_v6(struct cursor *c, struct ip *ip)
{
	struct claim claim = {.header = IP_V6_HEADER};

	cursor_skip(c, 4);
	claim.packet = IP_V6_HEADER + cursor_u16(c);
	ip->protocol = cursor_u8(c);
	ip->ttl = cursor_u8(c);
	ip->src = read_addr(c, 6, 16);
	ip->dst = read_addr(c, 6, 16);
	return claim;
}

static void read_fragment_header(struct cursor *c, struct ip *ip)
{
	uint16_t fragment;

	ip->protocol = cursor_u8(c);
	cursor_skip(c, 1);
	fragment = cursor_u16(c);
	cursor_skip(c, 4);
	ip->later = fragment & V6_OFFSET;
	ip->fragment = ip->later || fragment & V6_MORE_FRAGMENTS;
}

/*
 * Walks to the upper layer. False when the chain is too long; one that ends too
 * early leaves the cursor failed. A fragment header that says "all of it"
 * (RFC 6946) does not make a fragment.
 */
static bool read_chain(struct cursor *c, struct ip *ip)
{
	for (int headers = 0; headers < CHAIN_MAX; headers++) {
		switch (ip->protocol) {
		case NEXT_HOP_BY_HOP:
		case NEXT_ROUTING:
		case NEXT_DESTINATION:
			ip->protocol = cursor_u8(c);
			cursor_skip(c, cursor_u8(c) * 8 + 6);
			break;
		case NEXT_AUTHENTICATION:
			ip->protocol = cursor_u8(c);
			cursor_skip(c, cursor_u8(c) * 4 + 6);
			break;
		case NEXT_FRAGMENT:
			read_fragment_header(c, ip);
			break;
		default:
			return true;
		}
		if (c->failed || ip->later)
			return true;
	}
	return false;
}

static enum reject decode_v4(struct cursor c, uint32_t wire_length, struct ip *ip)
{
	bool complete = cursor_left(&c) >= wire_length;
	const uint8_t *header = c.at;
	struct claim claim = read_v4(&c, ip);

	if (c.failed)
		return complete ? REJECT_MALFORMED : REJECT_TRUNCATED;
	if (claim.header < IP_V4_HEADER || claim.packet < claim.header ||
	    claim.packet > wire_length)
		return REJECT_MALFORMED;
	if (cksum_finish(cksum_add(0, header, claim.header))) {
		if (header[V4_CHECKSUM] || header[V4_CHECKSUM + 1])
			return REJECT_CHECKSUM;
		ip->blank_checksum = true;
	}
	ip->payload_length = claim.packet - claim.header;
	cursor_limit(&c, ip->payload_length);
	ip->payload = c;
	return REJECT_NONE;
}

static enum reject decode_v6(struct cursor c, uint32_t wire_length, struct ip *ip)
{
	bool complete = cursor_left(&c) >= wire_length;
	struct claim claim = read_v6(&c, ip);
	size_t extensions;

	if (c.failed)
		return complete ? REJECT_MALFORMED : REJECT_TRUNCATED;
	if (claim.packet > wire_length)
		return REJECT_MALFORMED;
	cursor_limit(&c, claim.packet - claim.header);
	complete = cursor_left(&c) == claim.packet - claim.header;
	extensions = cursor_left(&c);
	if (!read_chain(&c, ip))
		return REJECT_MALFORMED;
	if (c.failed)
		return complete ? REJECT_MALFORMED : REJECT_TRUNCATED;
	extensions -= cursor_left(&c);
	ip->payload_length = claim.packet - claim.header - (uint32_t)extensions;
	ip->payload = c;
	return REJECT_NONE;
}

enum reject ip_decode(struct cursor packet, uint32_t wire_length, struct ip *ret_ip)
{
	struct cursor peek = packet;
	uint8_t version = cursor_u8(&peek) >> 4;
	struct ip ip = {.fragment = false};
	enum reject reject;

	if (peek.failed)
		return wire_length ? REJECT_TRUNCATED : REJECT_MALFORMED;
	if (version != 4 && version != 6)
		return REJECT_MALFORMED;
	reject = version == 4 ? decode_v4(packet, wire_length, &ip)
			      : decode_v6(packet, wire_length, &ip);
	if (reject)
		return reject;
	ip.whole = cursor_left(&ip.payload) == ip.payload_length;
	*ret_ip = ip;
	return REJECT_NONE;
}

enum reject ip_decode_quote(struct cursor quote, struct ip *ret_ip)
{
	struct cursor peek = quote;
	uint8_t version = cursor_u8(&peek) >> 4;
	struct ip ip = {.fragment = false};
	bool sane = true;

	if (peek.failed)
		return REJECT_TRUNCATED;
	if (version == 4)
		sane = read_v4(&quote, &ip).header >= IP_V4_HEADER;
	else if (version == 6) {
		(void)read_v6(&quote, &ip);
		sane = read_chain(&quote, &ip);
	} else
		return REJECT_MALFORMED;
	if (quote.failed)
		return REJECT_TRUNCATED;
	if (!sane)
		return REJECT_MALFORMED;
	ip.payload = quote;
	ip.payload_length = (uint32_t)cursor_left(&quote);
	*ret_ip = ip;
	return REJECT_NONE;
}

bool ip_payload_is_intact(const struct ip *ip)
{
	uint64_t sum = 0;

	if (!ip->whole)
		return true;
	if (ip->protocol != IP_PROTOCOL_ICMP)
		sum = cksum_pseudo(&ip->src, &ip->dst, ip->protocol, ip->payload_length);
	return !cksum_finish(cksum_add(sum, ip->payload.at, ip->payload_length));
}
