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
	uint16_t src_port, dst_port; /* TCP */
	uint32_t seq;                /* TCP */
	uint32_t flow;               /* load balancers send packets of one flow one way */
	const uint8_t *bytes;        /* the whole packet, borrowed */
	uint16_t length, header;     /* header: length of the IP header */
};

/*
 * Reads a packet as a kernel would. Returns false for a packet that a kernel would drop (a
 * wrong checksum, a wrong length, a fragment) and for one that is neither an echo request
 * nor a SYN.
 */
bool request_decode(const uint8_t *bytes, uint16_t length, struct request *ret_request);

#endif
