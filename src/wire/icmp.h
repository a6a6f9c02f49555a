/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_ICMP_H
#define WIRE_ICMP_H

#include "base/cursor.h"
#include "wire/reply_kind.h"

#define ICMP_HEADER 8 /* of every message that concerns us */

enum icmp_v4_type {
	ICMP_V4_ECHO_REPLY = 0,
	ICMP_V4_UNREACHABLE = 3,
	ICMP_V4_SOURCE_QUENCH = 4,
	ICMP_V4_ECHO_REQUEST = 8,
	ICMP_V4_TIME_EXCEEDED = 11,
	ICMP_V4_PARAMETER = 12,
};

enum icmp_v6_type {
	ICMP_V6_UNREACHABLE = 1,
	ICMP_V6_TOO_BIG = 2,
	ICMP_V6_TIME_EXCEEDED = 3,
	ICMP_V6_PARAMETER = 4,
	ICMP_V6_ECHO_REQUEST = 128,
	ICMP_V6_ECHO_REPLY = 129,
};

/* What an ICMP message is to a prober. */
enum icmp_role {
	ICMP_OTHER, /* router discovery, redirects, ... */
	ICMP_REQUEST,
	ICMP_REPLY,
	ICMP_ERROR, /* it quotes the packet that it is about */
};

struct icmp {
	enum icmp_role role;
	uint8_t type, code;
	uint32_t echo;         /* request and reply: id in the high half, sequence in the low */
	struct cursor body;    /* their payload; of an error the quote; borrowed */
	struct cursor objects; /* RFC 4884 extension objects behind the quote, or empty; borrowed */
};

/*
 * Decodes an ICMP (FAMILY 4) or ICMPv6 (6) message, perhaps cut short. Extension objects
 * (RFC 4884) are reported only if their structure is there, of version 2 and with the right
 * checksum; wire/mpls.h reads them. Returns false when less than ICMP_HEADER bytes are there.
 */
bool icmp_decode(uint8_t family, struct cursor message, struct icmp *ret_icmp);

/* The kind of reply that an error is (RFC 792, 1122, 1812, 4443). */
enum reply_kind icmp_error_kind(uint8_t family, uint8_t type, uint8_t code);

#endif
