/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_IP_H
#define WIRE_IP_H

#include <blockwatch/addr.h>

#include "base/cursor.h"
#include "wire/reject.h"

/* Upper-layer protocols of probes and tunnels, as IANA numbers them. */
enum ip_protocol {
	IP_PROTOCOL_ICMP = 1,
	IP_PROTOCOL_IPV4 = 4,
	IP_PROTOCOL_TCP = 6,
	IP_PROTOCOL_UDP = 17,
	IP_PROTOCOL_IPV6 = 41,
	IP_PROTOCOL_GRE = 47,
	IP_PROTOCOL_ESP = 50,
	IP_PROTOCOL_ICMPV6 = 58,
	IP_PROTOCOL_L2TP = 115,
};

#define IP_V4_HEADER 20 /* without options */
#define IP_V6_HEADER 40 /* without extension headers */

/* An IPv4 or IPv6 packet, options and extension headers taken off. */
struct ip {
	struct bw_addr src, dst;
	uint8_t protocol;        /* of the payload, behind all extension headers */
	uint8_t ttl;             /* or hop limit */
	uint16_t id;             /* identification of IPv4; 0 in IPv6 */
	bool fragment;           /* a part of a fragmented packet */
	bool later;              /* not its first part: the payload begins in the middle */
	bool whole;              /* all of the payload is there */
	bool blank_checksum;     /* that of the IPv4 header is 0 where it should not be */
	uint32_t payload_length; /* as sent */
	struct cursor payload;   /* what was captured of it; borrowed */
};

/*
 * Decodes PACKET, of which WIRE_LENGTH bytes were on the wire; what lies behind
 * the packet (Ethernet's padding) is left out. Returns REJECT_NONE and fills
 * *ret_ip; REJECT_TRUNCATED (the capture ends within a header);
 * REJECT_MALFORMED (the packet does, or its lengths contradict each other);
 * REJECT_CHECKSUM (of the IPv4 header; but one that is 0 is left to the caller).
 */
enum reject ip_decode(struct cursor packet, uint32_t wire_length, struct ip *ret_ip);

/*
 * Decodes the packet that an ICMP error quotes. Routers change it (TTL, header
 * checksum, byte order of the length) and cut it off anywhere, so that only its
 * shape is checked; payload_length is what is there, and whole is false.
 * Returns REJECT_NONE, REJECT_TRUNCATED or REJECT_MALFORMED.
 */
enum reject ip_decode_quote(struct cursor quote, struct ip *ret_ip);

/* Why the payload of IP is too short for a decoder: the capture's fault or the sender's. */
static inline enum reject ip_short(const struct ip *ip)
{
	return ip->whole ? REJECT_MALFORMED : REJECT_TRUNCATED;
}

/*
 * True when the checksum of an ICMP, ICMPv6, TCP or UDP payload is right, and when it
 * cannot be known because the payload is not whole.
 */
bool ip_payload_is_intact(const struct ip *ip);

#endif
