/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_ANSWER_H
#define SIM_PACKET_ANSWER_H

#include "sim/packet/arrivals.h"
#include "sim/packet/request.h"

/* ICMP errors that routers and hosts send. */
enum answer_error {
	ANSWER_NET_UNREACHABLE,  /* IPv4 3/0, IPv6 1/0 */
	ANSWER_HOST_UNREACHABLE, /* 3/1, 1/3 */
	ANSWER_PORT_UNREACHABLE, /* 3/3, 1/4 */
	ANSWER_PROHIBITED,       /* 3/13, 1/1 */
	ANSWER_TIME_EXCEEDED,    /* 11/0, 3/0 */
};

/* What an ICMP error quotes of the packet it is about. */
struct answer_quote {
	uint8_t ttl; /* remaining when the error arose */
	bool whole;  /* the whole packet, not only 8 bytes behind its IP header */
	bool near;   /* as it was sent; else as it is behind the NAT of the vantage */
};

/*
 * Each function writes a whole packet with valid checksums to the sender of REQUEST and
 * returns its length. The packet comes from FROM and arrives with TTL.
 */
uint16_t answer_echo(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		     uint8_t bytes[ARRIVAL_MAX]);

/* SYN-ACK with the given sequence number, and RST. */
uint16_t answer_syn_ack(const struct request *request, const struct bw_addr *from, uint8_t ttl,
			uint32_t seq, uint8_t bytes[ARRIVAL_MAX]);
uint16_t answer_rst(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		    uint8_t bytes[ARRIVAL_MAX]);

/*
 * The answer of a host that takes the probe, and the refusal of one that does not, both
 * in the protocol of the probe. SEQ is the sequence number of a SYN-ACK. Both return 0
 * where the protocol has no such answer.
 */
uint16_t answer_open(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		     uint32_t seq, uint8_t bytes[ARRIVAL_MAX]);
uint16_t answer_closed(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		       uint8_t bytes[ARRIVAL_MAX]);

uint16_t answer_icmp_error(const struct request *request, const struct bw_addr *from, uint8_t ttl,
			   enum answer_error error, struct answer_quote quote,
			   uint8_t bytes[ARRIVAL_MAX]);

#endif
