/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/permit.h"

#include "base/addr/special_purpose.h"
#include "probe/blocked.h"

static bool is_exempt(const struct permit *permit, const struct bw_addr *addr)
{
	for (uint8_t i = 0; i < permit->exempt_count; i++)
		if (bw_addr_equal(&permit->exempt[i], addr))
			return true;
	return false;
}

int permit_exempt(struct permit *permit, const struct bw_addr *addr)
{
	if (is_exempt(permit, addr))
		return 0;
	if (permit->exempt_count == PERMIT_EXEMPT_MAX)
		return BW_ERR_LIMIT;
	permit->exempt[permit->exempt_count++] = *addr;
	return 0;
}

static bool is_refused(const struct permit *permit, const struct bw_addr *addr)
{
	return permit->allow_reserved ? special_purpose_is_no_host(addr)
				      : special_purpose_find(addr) >= 0;
}

int permit_check(const struct permit *permit, const struct bw_addr *addr)
{
	if (permit->blocklist && blocked_has(permit->blocklist, addr))
		return BW_ERR_BLOCKLISTED;
	if (is_refused(permit, addr) && !is_exempt(permit, addr))
		return BW_ERR_SPECIAL_PURPOSE;
	return 0;
}

int permit_check_block(const struct permit *permit, const struct bw_prefix *block)
{
	struct bw_addr last = bw_addr_add(&block->addr, bw_prefix_size(block) - 1);

	if (permit->blocklist && blocked_covers(permit->blocklist, block))
		return BW_ERR_BLOCKLISTED;
	if (is_refused(permit, &block->addr) && is_refused(permit, &last))
		return BW_ERR_SPECIAL_PURPOSE;
	return 0;
}

const char *permit_refusal(int refused, const struct bw_addr *addr)
{
	int special = special_purpose_find(addr);

	if (refused == BW_ERR_BLOCKLISTED)
		return "on the block list";
	return special < 0 ? "special-purpose" : special_purpose_name((uint32_t)special);
}
