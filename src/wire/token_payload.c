/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/token_payload.h"

#include "base/cursor.h"

void token_payload_encode(const struct token_payload *payload, uint8_t bytes[TOKEN_PAYLOAD])
{
	put_u32(bytes, TOKEN_MAGIC);
	put_u64(bytes + 4, payload->nonce);
	put_u64(bytes + 12, (uint64_t)payload->sent_us);
	put_u64(bytes + 20, payload->full);
}

bool token_payload_decode(const uint8_t *bytes, size_t length, struct token_payload *ret_payload)
{
	struct cursor c = cursor_of(bytes, length);
	struct token_payload payload;
	uint32_t magic = cursor_u32(&c);

	payload.nonce = cursor_u64(&c);
	payload.sent_us = (int64_t)cursor_u64(&c);
	payload.full = cursor_u64(&c);
	if (c.failed || magic != TOKEN_MAGIC)
		return false;
	*ret_payload = payload;
	return true;
}
