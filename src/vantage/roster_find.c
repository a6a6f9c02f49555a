/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/roster_find.h"

#include <string.h>

uint32_t roster_find_target(const struct roster *roster, const char *name)
{
	for (uint32_t target = 0; target < roster->target_count; target++)
		if (strcmp(roster->targets[target].target->name, name) == 0)
			return target;
	return ROSTER_NONE;
}

uint32_t roster_find_network(const struct roster *roster, uint32_t target,
			     const struct bw_prefix *prefix)
{
	uint32_t low = roster->targets[target].first_network;
	uint32_t high = low + roster->targets[target].network_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = bw_prefix_compare(&roster->networks[middle].network->prefix, prefix);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return ROSTER_NONE;
}

uint32_t roster_find_block(const struct roster *roster, uint32_t target,
			   const struct bw_prefix *prefix)
{
	struct roster_range range = roster_target_blocks(roster, target);

	while (range.first < range.end) {
		uint32_t middle = range.first + (range.end - range.first) / 2;
		struct bw_prefix there = roster_prefix(roster, middle);
		int order = bw_prefix_compare(&there, prefix);

		if (order == 0)
			return middle;
		if (order < 0)
			range.first = middle + 1;
		else
			range.end = middle;
	}
	return ROSTER_NONE;
}

uint32_t roster_find_block_of(const struct roster *roster, uint32_t target,
			      const struct bw_addr *addr)
{
	struct roster_range range = roster_target_blocks(roster, target);

	while (range.first < range.end) {
		uint32_t middle = range.first + (range.end - range.first) / 2;
		struct bw_prefix there = roster_prefix(roster, middle);

		if (bw_prefix_contains(&there, addr))
			return middle;
		if (bw_addr_compare(&there.addr, addr) < 0)
			range.first = middle + 1;
		else
			range.end = middle;
	}
	return ROSTER_NONE;
}

uint32_t roster_find_host(const struct roster *roster, uint32_t block, const struct bw_addr *addr)
{
	for (uint16_t host = 0; host < roster->blocks[block].host_count; host++) {
		struct bw_addr there = roster_host_addr(roster, block, host);

		if (bw_addr_equal(&there, addr))
			return host;
	}
	return ROSTER_NONE;
}
