/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units of the same target are in the order of their prefixes, so those that both have are found in
 * one walk. Numbers of blocks, of hosts and of hops are others after a reload.
 */
#include "vantage/path/path_inherit.h"

#include <string.h>

static const struct roster *roster_of(const struct path_units *units)
{
	return units->ledger->config.roster;
}

/* The prefix of what a unit stands for: a block, or the network that has all its blocks. */
static struct bw_prefix prefix_of(const struct path_units *units, uint32_t unit)
{
	struct roster_range blocks = path_units_blocks(units, unit);

	if (blocks.end - blocks.first == 1)
		return roster_prefix(roster_of(units), blocks.first);
	return roster_network_of(roster_of(units), blocks.first)->network->prefix;
}

/* The host of BLOCK with this address; UINT16_MAX: there is none. */
static uint16_t find_host(const struct roster *roster, uint32_t block, const struct bw_addr *addr)
{
	for (uint16_t host = 0; host < roster->blocks[block].host_count; host++) {
		struct bw_addr there = roster_host_addr(roster, block, host);

		if (bw_addr_equal(&there, addr))
			return host;
	}
	return UINT16_MAX;
}

/* Where the last trace went to, if that is still a host of the unit; else its first host. */
static void take_place(struct path_units *units, uint32_t unit, const struct path_units *before,
		       const struct path_unit *old)
{
	struct path_unit *u = &units->list[unit];
	struct bw_addr addr = roster_host_addr(roster_of(before), old->block, old->host);
	struct roster_range blocks = path_units_blocks(units, unit);

	u->block = blocks.first;
	for (uint32_t block = blocks.first; block < blocks.end; block++) {
		struct bw_prefix prefix = roster_prefix(roster_of(units), block);
		uint16_t host;

		if (!bw_prefix_contains(&prefix, &addr))
			continue;
		host = find_host(roster_of(units), block, &addr);
		if (host == UINT16_MAX)
			return;
		u->block = block;
		u->host = host;
		u->method = old->method;
	}
}

static void take(struct path_units *units, uint32_t unit, const struct path_units *before,
		 uint32_t old)
{
	struct path_unit *u = &units->list[unit];
	const struct baseline *from = &before->list[old].baseline;

	if (from->end == 0)
		return;
	u->baseline = *from;
	u->baseline.count = 0;
	u->flow = before->list[old].flow;
	for (unsigned n = 0; n < from->count; n++) {
		struct baseline_hop hop = from->hops[n];

		hop.hop = hop_table_add(&units->hops, hop_table_addr(&before->hops, hop.hop));
		if (hop.hop != HOP_NONE)
			u->baseline.hops[u->baseline.count++] = hop;
	}
	take_place(units, unit, before, &before->list[old]);
}

static void inherit_target(struct path_units *units, uint32_t target,
			   const struct path_units *before, uint32_t old)
{
	uint32_t a = units->first[target], b = before->first[old];

	while (a < units->first[target + 1] && b < before->first[old + 1]) {
		struct bw_prefix left = prefix_of(units, a), right = prefix_of(before, b);
		int order = bw_prefix_compare(&left, &right);

		if (order == 0)
			take(units, a, before, b);
		a += order <= 0;
		b += order >= 0;
	}
}

void path_inherit(struct path_units *units, const struct path_units *before)
{
	const struct roster *roster = roster_of(units), *old = roster_of(before);

	for (uint32_t t = 0; t < roster->target_count; t++)
		for (uint32_t o = 0; o < old->target_count; o++)
			if (strcmp(roster->targets[t].target->name, old->targets[o].target->name) ==
			    0)
				inherit_target(units, t, before, o);
}
