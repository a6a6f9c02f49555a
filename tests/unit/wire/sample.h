/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_WIRE_SAMPLE_H
#define TESTS_WIRE_SAMPLE_H

#include <stdint.h>

#include <blockwatch/addr.h>

/*
 * Packets as other hosts would send them, put together byte by byte and summed
 * up by a plain RFC 1071 loop, so that nothing of what is tested takes part.
 */
struct sample {
	uint32_t length;
	uint32_t upper;   /* where the upper layer begins */
	uint8_t protocol; /* which it is */
	uint8_t bytes[2048];
};

/* An address, or a failed test. */
struct bw_addr sample_addr(const char *text);

void sample_append(struct sample *s, const void *bytes, uint32_t length);

/* The one's complement sum of big-endian 16-bit words, folded. */
uint16_t sample_sum(uint32_t start, const uint8_t *bytes, uint32_t length);

/* The folded sum of the upper layer with its pseudo-header: 0xffff when it is right. */
uint16_t sample_upper_sum(const struct sample *s);

/* Starts an IP packet; the payload is appended, then sample_finish() called. */
void sample_begin(struct sample *s, const struct bw_addr *src, const struct bw_addr *dst,
		  uint8_t protocol, uint8_t ttl);

/* Fills in lengths and all checksums (anew, when called again). */
void sample_finish(struct sample *s);

/* A probe made by build_probe(), wrapped, for the functions below. */
struct sample sample_probe(const uint8_t *bytes, uint32_t length);
struct bw_addr sample_src(const struct sample *s);
struct bw_addr sample_dst(const struct sample *s);

/* What the probed host answers to an echo. */
struct sample sample_echo_reply(const struct sample *probe, uint8_t ttl);

/* What the probed port answers to a SYN: it acknowledges the sequence number + ACKED. */
struct sample sample_tcp_reply(const struct sample *probe, uint8_t flags, uint32_t acked);

/* What a router says of a probe, quoting QUOTED bytes (at most all) of it. */
struct sample sample_error(const struct sample *probe, const struct bw_addr *router, uint8_t type,
			   uint8_t code, uint32_t quoted);

/* The packet within a link layer (DLT_ number) that carries TAGS VLAN tags. */
struct sample sample_frame(const struct sample *packet, int linktype, int tags);

#endif
