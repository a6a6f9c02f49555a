/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_REQUEST_H
#define SIM_PACKET_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/method.h>

/* A probe packet, as routers and hosts read it. */
struct request {
	struct bw_addr src, dst;
	uint8_t protocol; /* enum bw_protocol */
	uint8_t ttl;
	uint16_t src_port, dst_port; /* 0 for methods without ports */
	uint32_t seq;                /* TCP; an echo's id and sequence number */
	uint32_t flow;               /* probes with the same value take the same path */
	const uint8_t *bytes;        /* the whole packet, borrowed */
	const uint8_t *outside;  /* the same behind the NAT of the vantage; without one: bytes */
	uint16_t length, header; /* header: length of the IP header */
};

/*
 * Reads a packet as a kernel does. Returns false for a packet that a kernel drops (a wrong
 * checksum, a length that is not the packet's, a fragment) and for one that is no probe
 * by any method.
 */
bool request_decode(const uint8_t *bytes, uint16_t length, struct request *ret_request);

/*
 * Sends the packet through a NAT that gives it the source SRC, of the same family, and mends the
 * checksums. BYTES, which `outside` borrows then, has room for request->length.
 */
void request_translate(struct request *request, const struct bw_addr *src, uint8_t *bytes);

#endif
