/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/guard.h"

#include <string.h>

#include "base/cursor.h"
#include "base/special.h"

int guard_exempt(struct guard *guard, const struct bw_addr *addr)
{
	for (uint8_t i = 0; i < guard->exempt_count; i++)
		if (bw_addr_equal(&guard->exempt[i], addr))
			return 0;
	if (guard->exempt_count == GUARD_EXEMPT_MAX)
		return BW_ERR_LIMIT;
	guard->exempt[guard->exempt_count++] = *addr;
	return 0;
}

static bool is_exempt(const struct guard *guard, const struct bw_addr *addr)
{
	for (uint8_t i = 0; i < guard->exempt_count; i++)
		if (bw_addr_equal(&guard->exempt[i], addr))
			return true;
	return false;
}

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

int guard_check(const struct guard *guard, const struct bw_tx *tx)
{
	if (!goes_to_dst(tx))
		return BW_ERR_INTERNAL;
	if (guard->blocklist && prefix_set_find(guard->blocklist, &tx->dst, NULL, NULL))
		return BW_ERR_BLOCKLISTED;
	if (!guard->allow_reserved && special_find(&tx->dst) >= 0 && !is_exempt(guard, &tx->dst))
		return BW_ERR_SPECIAL_PURPOSE;
	return 0;
}
