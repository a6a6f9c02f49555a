/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/permit.h"

static bool is_exempt(const struct permit *permit, const struct bw_addr *addr)
{
	for (unsigned i = 0; i < permit->exempt_count; i++)
		if (bw_addr_equal(&permit->exempt[i], addr))
			return true;
	return false;
}

int permit_check(const struct permit *permit, const struct bw_addr *addr)
{
	if (permit->blocklist && prefix_set_find(permit->blocklist, addr, NULL, NULL))
		return BW_ERR_BLOCKLISTED;
	if (permit->special && prefix_set_find(permit->special, addr, NULL, NULL) &&
	    !is_exempt(permit, addr))
		return BW_ERR_SPECIAL_PURPOSE;
	return 0;
}

int permit_check_all(const struct permit *permit, const struct bw_prefix *prefix)
{
	if (permit->blocklist && prefix_set_covers(permit->blocklist, prefix))
		return BW_ERR_BLOCKLISTED;
	if (permit->special && prefix_set_covers(permit->special, prefix))
		return BW_ERR_SPECIAL_PURPOSE;
	return 0;
}
