/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_METHOD_OPS_H
#define WIRE_METHOD_OPS_H

#include <blockwatch/method.h>

#include "wire/packet.h"
#include "wire/token.h"

struct libnet_context;

/* What an answer says about hosts that do not answer other methods. */
enum method_evidence {
	METHOD_ECHO = 1, /* pings: filters often drop them */
	METHOD_TRACE,    /* nothing: it serves traceroute only */
	METHOD_SERVICE,  /* a service: its answers show that missing echo replies are filtered */
};

/*
 * All that blockwatch knows of a probing method on the wire: one constant a protocol,
 * method_NAME_ops in method_NAME.c, of which method_ops.c makes a table. Every member
 * must be set, apart from bool ones that are false. To add a method, append a line to
 * BW_PROTOCOL_LIST and write these; nothing in this file changes.
 */
struct method_ops {
	uint8_t ip_protocol_v4, ip_protocol_v6;

	/* Building. A "message" is what follows the IP header. */
	uint16_t length;           /* of the message, without contact text */
	/*
	 * Offset of the word of the message that keeps its sum right when other bytes change:
	 * the checksum or, in a method whose token is the checksum, a word of payload.
	 */
	uint8_t checksum_at;
	bool has_pseudo_header_v4; /* the checksum covers a pseudo-header in IPv4, too */
	/*
	 * The bits of the brief token that fit into the first eight bytes of the message, of
	 * which 32 are free at most. Of the others token_make() makes zeros.
	 */
	uint32_t brief_mask;
	bool has_token_payload; /* probes and answers carry struct token_payload */
	bool is_acknowledged;   /* answers have the brief token + 1 as acknowledgement (TCP) */
	/*
	 * Adds libnet's blocks of a message with an all-zero token. FAMILY is 4 or 6. CONTACT,
	 * never NULL, follows the token payload of methods that have one. Returns the length
	 * of the message, or -1 with libnet's error set.
	 */
	int (*add_blocks)(struct libnet_context *net, uint8_t family, uint16_t port,
			  const char *contact);
	/* Writes the token into MESSAGE, a copy of TEMPLATE, and corrects its checksum. */
	void (*put_token)(const uint8_t *template, uint8_t *message, const struct token *token,
			  int64_t sent_us);

	/* Receiving. */
	/*
	 * Reads packet->ip.payload and fills in the rest of *packet. Returns REJECT_NONE or
	 * why the packet has none of the roles. Does not verify the checksum.
	 */
	enum reject (*decode)(struct packet *packet);
	bool (*is_intact)(const struct ip *ip); /* the checksum is right, or cannot be known */
	/*
	 * Reads a quoted packet of this IP protocol: method, brief, source port, payload.
	 * Eight bytes are enough. Returns REJECT_NONE, REJECT_TRUNCATED or REJECT_UNRELATED.
	 */
	enum reject (*decode_quote)(const struct ip *quote, struct packet *packet);
	/* Answers, as expressions in libpcap's language; for IPv6 behind a plain header. */
	const char *filter_v4, *filter_v6;

	/* Judging. */
	enum method_evidence evidence;
};

/* The constants, declared from the list: a method without its file does not link. */
#define X(NAME, name, number, has_port) extern const struct method_ops method_##name##_ops;
BW_PROTOCOL_LIST(X)
BW_TRACE_PROTOCOL_LIST(X)
#undef X

/* The operations of a protocol; NULL for a number that is none. */
const struct method_ops *method_ops(uint8_t protocol);

/* The operations of the method whose IP protocol number a packet has; NULL: of none. */
const struct method_ops *method_ops_of_ip(const struct ip *ip);

/* The same with the methods of traceroute alone. */
const struct method_ops *method_ops_of_trace(const struct ip *ip);

/* Whether a protocol is an echo; false for a number that is none. */
bool method_is_echo(uint8_t protocol);

#endif
