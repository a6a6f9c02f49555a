/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PASSIVE_PACKET_H
#define PROBE_PASSIVE_PACKET_H

#include "base/cursor.h"
#include "wire/reply.h"

/*
 * Probes and answers of any tool, as they lie in a capture: echo requests and SYNs,
 * what answers them, and the ICMP errors that quote them. Nothing of ours is asked
 * for; which answer belongs to which request is not decided here.
 */
enum passive_role {
	PASSIVE_REQUEST,
	PASSIVE_ANSWER, /* of the probed host itself, or so it says */
	PASSIVE_ERROR,  /* an ICMP error that quotes a request */
};

struct passive_packet {
	enum passive_role role;
	struct bw_addr prober, probed; /* who asked whom; of an error: as quoted */
	struct bw_addr from;           /* who sent this packet */
	struct bw_method method;       /* port: the probed one */
	uint16_t source_port;          /* of the SYN */
	uint32_t brief;                /* echo: id and seq; TCP: the SYN's sequence number */
	uint32_t alternate_brief;      /* RST: for stacks that do not count the SYN; else brief */
	enum reply_kind kind;          /* not of a request */
	uint8_t ttl;
	bool whole;                    /* nothing of the payload was left out by the capture */
	struct cursor payload;         /* of an echo, as far as captured; borrowed */
};

/*
 * Decodes one captured frame; LINKTYPE is libpcap's DLT_. Checksums of answers are
 * verified where all bytes are there, those of requests are not: the card that puts
 * them in comes behind the capture. Returns REJECT_NONE or one of the first five
 * reasons. Never reads behind LENGTH.
 */
enum reject passive_decode(int linktype, const uint8_t *bytes, uint32_t length,
			   uint32_t wire_length, struct passive_packet *ret_packet);

#endif
