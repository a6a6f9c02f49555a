/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/alias.h"

#include <blockwatch/prefix.h>

bool alias_is_nearby(const struct bw_addr *probed, const struct bw_addr *from)
{
	struct bw_prefix block = bw_prefix_of(probed, probed->family == 4 ? 24 : 48);

	return bw_prefix_contains(&block, from);
}
