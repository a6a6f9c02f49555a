/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_TCP_H
#define WIRE_TCP_H

#include "base/cursor.h"
#include "wire/ip.h"

#define TCP_HEADER 20 /* without options */

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

struct tcp {
	uint16_t src_port, dst_port;
	uint32_t seq, ack;
	uint8_t flags; /* all eight */
};

/*
 * Decodes the header of the TCP segment in IP, perhaps cut short behind it.
 * Returns REJECT_NONE; REJECT_TRUNCATED; REJECT_MALFORMED when the segment is
 * shorter than its header or its header than TCP_HEADER.
 */
enum reject tcp_decode(const struct ip *ip, struct tcp *ret_tcp);

/* The 8 bytes that every quote has: ports and sequence number, the rest 0. False if they lack. */
bool tcp_decode_quote(struct cursor quote, struct tcp *ret_tcp);

/*
 * As ip_payload_is_intact(), and also true for a segment whose checksum was left
 * to a network card that it never met: this host's or a namespace's neighbour's
 * kernel puts only the pseudo-header's sum into the field (CHECKSUM_PARTIAL).
 */
bool tcp_is_intact(const struct ip *ip);

#endif
