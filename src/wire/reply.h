/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_REPLY_H
#define WIRE_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/method.h>

#include "wire/reject.h"
#include "wire/reply_kind.h"
#include "wire/token_payload.h"

/* A reply to a probe of ours, by its form; whether its token is true is not checked here. */
struct reply {
	enum reply_kind kind;
	struct bw_addr from;          /* the sender of the packet */
	struct bw_addr to;            /* its destination: the vantage */
	struct bw_addr probed;        /* the destination of the probe: `from`, or as quoted */
	struct bw_method method;      /* of the probe; its port is the probed one */
	uint32_t brief;               /* of the token, as it came back */
	uint32_t alternate_brief;     /* another reading of it, for stacks that count otherwise */
	uint16_t source_port;         /* of the probe; 0 for methods without ports */
	uint8_t ttl;                  /* of the packet received */
	uint8_t quoted_ttl;           /* of the quoted probe where it was dropped; 0: none */
	uint8_t icmp_type, icmp_code; /* 0 where the packet is not ICMP */
	bool proves_itself;           /* an answer of this kind brings back the payload below */
	bool has_payload;             /* the payload came back and has our form */
	struct token_payload payload;
};

/*
 * Decodes one captured frame. LINKTYPE is libpcap's DLT_. Checksums of IPv4 headers,
 * ICMP, ICMPv6 and TCP are verified where all bytes were captured. Returns REJECT_NONE
 * and fills *ret_reply, or one of the first five reasons; our own outgoing probes are
 * REJECT_UNRELATED. Never reads beyond LENGTH.
 */
enum reject reply_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct reply *ret_reply);

#endif
