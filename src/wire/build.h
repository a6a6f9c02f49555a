/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_BUILD_H
#define WIRE_BUILD_H

#include <blockwatch/transport.h>

#include "wire/token.h"

struct method_ops;

/*
 * Probe packets. libnet builds one template for each source address and method at
 * start-up (no root: LIBNET_NONE). For each probe only destination, token, TTL and
 * checksums are patched (RFC 1624).
 */
struct build_template {
	struct bw_method method;
	const struct method_ops *ops; /* of the method */
	struct bw_addr source;
	uint16_t length; /* of a probe of flow 0 */
	uint8_t bytes[BW_PACKET_MAX];
};

#define BUILD_CONTACT_MAX 64 /* bytes of contact text in an echo payload */

/*
 * CONTACT (or NULL) follows the token in the payload of probes that have one (echo).
 * Returns 0; BW_ERR_LIMIT for a long contact; BW_ERR_INTERNAL with libnet's message.
 */
int build_template_init(struct build_template *ret_template, const struct bw_addr *source,
			struct bw_method method, const char *contact, struct bw_err *err);

/*
 * Writes the probe to DST (of the template's family) into BYTES, valid to the last
 * checksum, and returns its length. SENT_US is the time in the payload of an echo.
 *
 * Probes of one flow (token_make()) to one address have the same bits in all fields that
 * load balancers hash: addresses, protocol, the first four bytes behind the IP header
 * (ports, or ICMP's type, code and checksum) and IPv6's flow label. For an echo this
 * takes a word at the end of the payload that compensates for the token, so that it is
 * two or three bytes longer than one of flow 0.
 */
uint16_t build_probe(const struct build_template *template, const struct bw_addr *dst,
		     const struct token *token, uint8_t ttl, int64_t sent_us,
		     uint8_t bytes[BW_PACKET_MAX]);

#endif
