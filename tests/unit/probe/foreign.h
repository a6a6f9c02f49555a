/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PROBE_FOREIGN_H
#define TESTS_PROBE_FOREIGN_H

#include <blockwatch/transport.h>

/* Packets as other tools and other hosts send them, with right checksums, link type RAW. */
struct foreign {
	uint8_t bytes[256];
	uint32_t length;
};

struct foreign_echo {
	const char *from, *to;
	bool is_reply;
	uint16_t id, seq;
	const char *payload;
};
struct foreign foreign_echo(const struct foreign_echo *echo);

struct foreign_tcp {
	const char *from, *to;
	uint16_t from_port, to_port;
	uint32_t seq, ack;
	uint8_t flags;
};
struct foreign foreign_tcp(const struct foreign_tcp *tcp);

/* A UDP packet with a payload of four bytes that depend on SALT, as does the checksum. */
struct foreign foreign_udp(const char *from, const char *to, uint16_t from_port, uint16_t to_port,
			   uint32_t salt);

/* An ICMP error of FROM to TO that quotes QUOTED bytes of a packet. */
struct foreign foreign_error(const char *from, const char *to, uint8_t type, uint8_t code,
			     const struct foreign *about, uint32_t quoted);

/* Sets the TTL or hop limit. */
void foreign_set_ttl(struct foreign *packet, uint8_t ttl);

/* Sets the identification of IPv4. */
void foreign_set_id(struct foreign *packet, uint16_t id);

struct bw_rx foreign_rx(const struct foreign *packet, int64_t at_ns);

#endif
