/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/tx/transmit_check.h"

#include <string.h>

#include "base/cursor.h"

/* True when the bytes are a whole packet whose header names the destination dst. */
static bool goes_to_dst(const struct bw_tx *tx)
{
	struct cursor c = cursor_of(tx->bytes, tx->length);
	unsigned version = cursor_u8(&c) >> 4;
	size_t size = tx->dst.family == 4 ? 4 : 16;
	uint16_t length;
	const uint8_t *dst;

	if (tx->length > BW_PACKET_MAX || version != tx->dst.family ||
	    (version != 4 && version != 6))
		return false;
	cursor_skip(&c, version == 4 ? 1 : 3);
	length = cursor_u16(&c);
	cursor_skip(&c, version == 4 ? 12 : 18);
	dst = cursor_take(&c, size);
	return dst && memcmp(dst, tx->dst.bytes, size) == 0 &&
	       length + (version == 4 ? 0 : 40) == tx->length;
}

int transmit_check(const struct permit *permit, const struct bw_tx *tx)
{
	return goes_to_dst(tx) ? permit_check(permit, &tx->dst) : BW_ERR_INTERNAL;
}
