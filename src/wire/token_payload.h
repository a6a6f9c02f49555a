/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_TOKEN_PAYLOAD_H
#define WIRE_TOKEN_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The payload of probes whose answers bring it back, in network order: magic, nonce,
 * transmit time (monotonic, microseconds), full token; then the contact text, if any.
 */
#define TOKEN_PAYLOAD 28
#define TOKEN_MAGIC UINT32_C(0x42573101) /* "BW1", version 1 */

struct token_payload {
	uint64_t nonce;
	int64_t sent_us;
	uint64_t full;
};

void token_payload_encode(const struct token_payload *payload, uint8_t bytes[TOKEN_PAYLOAD]);

/* False when it is too short or not ours. */
bool token_payload_decode(const uint8_t *bytes, size_t length, struct token_payload *ret_payload);

#endif
