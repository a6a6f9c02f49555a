/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/roster_egress.h"

struct bw_addr roster_egress_sample(const struct roster *roster, uint32_t block)
{
	if (!roster_is_open(roster, block))
		return roster->host_addr[roster_first_host(roster, block)];
	return roster_prefix(roster, block).addr;
}

void roster_egress_set(struct roster *roster, uint8_t v4, uint8_t v6)
{
	for (uint32_t i = 0; i < roster->block_count; i++)
		roster->blocks[i].egress =
			roster_network_of(roster, i)->network->prefix.addr.family == 4 ? v4 : v6;
}
