/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_BUILD_H
#define WIRE_BUILD_H

#include <blockwatch/transport.h>

#include "wire/token.h"

/*
 * Probe packets. libnet builds one template a source address and method at
 * start-up (no root: LIBNET_NONE); for each probe only destination, token,
 * TTL and checksums are patched (RFC 1624).
 */
struct build_template {
	struct bw_method method;
	struct bw_addr source;
	uint16_t length;
	uint8_t bytes[BW_PACKET_MAX];
};

#define BUILD_CONTACT_MAX 64 /* bytes of contact text in an echo payload */

/*
 * CONTACT (or NULL) is put behind the token in the payload of echo probes;
 * TCP probes carry no payload. Returns 0; BW_ERR_LIMIT for a long contact;
 * BW_ERR_INTERNAL with libnet's message.
 */
int build_template_init(struct build_template *ret_template, const struct bw_addr *source,
			struct bw_method method, const char *contact, struct bw_err *err);

/*
 * Writes the probe to DST (of the template's family) into bytes, valid to the
 * last checksum, and returns its length (template->length).
 */
uint16_t build_probe(const struct build_template *template, const struct bw_addr *dst,
		     const struct token *token, uint8_t ttl, int64_t sent_us,
		     uint8_t bytes[BW_PACKET_MAX]);

#endif
