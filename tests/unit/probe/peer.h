/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_PROBE_PEER_H
#define TEST_PROBE_PEER_H

#include <blockwatch/transport.h>

/*
 * The other end for tests of the engine: a transport that keeps what is sent,
 * and the IPv4 packets with which a host or a router would answer. RAW frames.
 */
#define PEER_SENT_MAX 256

struct peer {
	struct bw_mono now;
	struct bw_tx sent[PEER_SENT_MAX];
	unsigned count;
	size_t accept; /* packets that one send() takes */
	int status;    /* of each packet */
	uint64_t received, capture_dropped;
};

struct bw_transport peer_transport(struct peer *peer);

struct peer_frame {
	uint8_t bytes[512];
	uint32_t length;
};

/* What the probed kernel would send: echo reply, SYN-ACK of an open port, RST of a closed one. */
struct peer_frame peer_echo_reply(const struct bw_tx *probe);
struct peer_frame peer_syn_ack(const struct bw_tx *probe);
struct peer_frame peer_rst(const struct bw_tx *probe);

/* An ICMP error by ROUTER that quotes the probe's IP header and 8 bytes. */
struct peer_frame peer_error(const struct bw_tx *probe, const char *router, uint8_t type,
			     uint8_t code);

/* Mends the checksums after bytes were changed. */
void peer_checksum(struct peer_frame *frame);

struct bw_rx peer_rx(const struct peer_frame *frame, struct bw_mono at);

#endif
