/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_PACKET_H
#define WIRE_PACKET_H

#include <blockwatch/method.h>

#include "wire/ip.h"
#include "wire/link/unread.h"
#include "wire/reply_kind.h"

/* What a captured packet is to a prober, whoever the prober is. */
enum packet_role {
	PACKET_REQUEST, /* a probe by one of the methods */
	PACKET_ANSWER,  /* what the probed host itself sends back */
	PACKET_ERROR,   /* an ICMP error about some packet */
};

struct packet {
	struct ip ip; /* as captured */
	enum packet_role role;
	enum reply_kind kind;          /* of an answer or error */
	struct bw_addr prober, probed; /* of an error: after packet_decode_quote() */
	struct bw_method method;       /* likewise, and all below but the ICMP type and code */
	uint32_t brief;                /* where tokens of this method have their brief form */
	uint32_t alternate_brief;      /* another reading of it; else the same */
	uint16_t source_port;          /* of the probe; 0 for methods without ports */
	uint8_t quoted_ttl;            /* of the quoted probe; 0: nothing was quoted */
	uint16_t quoted_id;            /* identification of the quoted IPv4 probe; 0 in IPv6 */
	struct cursor objects; /* extension objects of an error (wire/mpls.h); borrowed */
	uint8_t icmp_type, icmp_code;  /* 0 where the packet is not ICMP */
	struct cursor payload; /* of an echo, as captured; of an error the quote; borrowed */
	enum unread unread;    /* what may hide a packet in this frame */
};

/*
 * Decodes one frame that the vantage received; LINKTYPE is libpcap's DLT_. The checksum of
 * the IP payload is not verified. Returns REJECT_NONE and fills *ret_packet;
 * REJECT_TRUNCATED, REJECT_MALFORMED, REJECT_CHECKSUM (of the IPv4 header),
 * REJECT_FRAGMENT, or REJECT_UNRELATED for a packet that has none of the roles. On failure the
 * contents of *ret_packet are undefined, but for `unread`. Never reads beyond LENGTH.
 */
enum reject packet_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			  struct packet *ret_packet);

/*
 * The same for a frame of a capture that anybody recorded anywhere: also through tunnels
 * (wire/link/tunnel.h), and a request may have an IPv4 header checksum of 0 (ip.blank_checksum),
 * since network cards fill it in after the capture.
 */
enum reject packet_decode_recorded(int linktype, const uint8_t *bytes, uint32_t length,
				   uint32_t wire_length, struct packet *ret_packet);

/*
 * The same, where requests may be by methods of traceroute alone, too: every UDP packet is one.
 */
enum reject packet_decode_recorded_trace(int linktype, const uint8_t *bytes, uint32_t length,
					 uint32_t wire_length, struct packet *ret_packet);

/* True when the checksum of the IP payload is right, or cannot be known (see wire/ip.h). */
bool packet_is_intact(const struct packet *packet);

/*
 * Reads what an error quotes: which probe, by which method, of whom to whom. Returns
 * REJECT_NONE; REJECT_TRUNCATED; REJECT_MALFORMED; or REJECT_UNRELATED when the quoted
 * packet is no probe by any method.
 */
enum reject packet_decode_quote(struct packet *packet);

/* The same, also for probes by methods of traceroute alone. */
enum reject packet_decode_trace_quote(struct packet *packet);

#endif
