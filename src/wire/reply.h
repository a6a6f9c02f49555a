/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_REPLY_H
#define WIRE_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/method.h>

#include "wire/token.h"

/* What a packet says. Which of these counts as evidence is not decided here. */
#define REPLY_KIND_LIST(X)                                                     \
	X(REPLY_ECHO, "echo-reply")                                            \
	X(REPLY_SYN_ACK, "syn-ack")                                            \
	X(REPLY_RST, "rst")                                                    \
	X(REPLY_NET_UNREACHABLE, "net-unreachable")                            \
	X(REPLY_HOST_UNREACHABLE, "host-unreachable")                          \
	X(REPLY_PROTOCOL_UNREACHABLE, "protocol-unreachable")                  \
	X(REPLY_PORT_UNREACHABLE, "port-unreachable")                          \
	X(REPLY_PROHIBITED, "prohibited")                                      \
	X(REPLY_TIME_EXCEEDED, "time-exceeded")                                \
	X(REPLY_OTHER_ERROR, "other-error")

enum reply_kind {
#define X(name, text) name,
	REPLY_KIND_LIST(X)
#undef X
	REPLY_KINDS
};

/* Why a captured frame is no reply at all. */
#define REJECT_LIST(X)                                                         \
	X(REJECT_TRUNCATED, "truncated")                                       \
	X(REJECT_MALFORMED, "malformed")                                       \
	X(REJECT_CHECKSUM, "checksum")                                         \
	X(REJECT_FRAGMENT, "fragment")                                         \
	X(REJECT_UNRELATED, "unrelated")                                       \
	X(REJECT_SPOOFED, "spoofed")                                           \
	X(REJECT_STALE, "stale")                                               \
	X(REJECT_DUPLICATE, "duplicate")                                       \
	X(REJECT_ALIAS, "alias")

enum reject {
	REJECT_NONE, /* it is a reply */
#define X(name, text) name,
	REJECT_LIST(X)
#undef X
	REJECTS
};

struct reply {
	enum reply_kind kind;
	struct bw_addr from;   /* who sent the packet */
	struct bw_addr to;     /* to whom: the vantage */
	struct bw_addr probed; /* whom the probe was for: `from`, or the quoted destination */
	struct bw_method method; /* of the probe that is answered; port: the probed one */
	uint32_t brief;        /* token: echo id and seq, or the SYN's sequence number */
	uint32_t alternate_brief; /* RST: for stacks that do not count the SYN; else brief */
	uint16_t source_port;  /* of the SYN */
	uint8_t ttl;           /* of the packet received */
	uint8_t quoted_ttl;    /* of the quoted probe where it was dropped; 0: none */
	uint8_t icmp_type, icmp_code; /* 0 for TCP */
	bool has_payload;      /* the payload below was there and is ours by form */
	struct token_payload payload;
};

/*
 * Decodes one captured frame. LINKTYPE is libpcap's DLT_. Checksums of IPv4
 * headers, ICMP, ICMPv6 and TCP are verified where all bytes were captured.
 * Returns REJECT_NONE and fills *ret_reply, or the reason (one of the first
 * five); our own outgoing probes are REJECT_UNRELATED. Never reads behind
 * LENGTH.
 */
enum reject reply_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct reply *ret_reply);

/*
 * Whether a reply means that the probed host is there; FROM_PROBED: it sent it itself.
 * A host that says "nothing listens here" is there. The others are errors.
 */
bool reply_kind_is_answer(enum reply_kind kind, bool from_probed);

const char *reply_kind_name(enum reply_kind kind);
const char *reject_name(enum reject reject);

#endif
