/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_wish.h"

struct bw_methods path_wish_methods(const struct roster *roster)
{
	struct bw_methods methods = {.count = 0};

	for (uint32_t s = 0; s < roster->method_set_count; s++) {
		const struct bw_methods *set = &roster->method_sets[s];

		for (unsigned n = 0; n < set->count; n++)
			if (methods.count < BW_METHODS_MAX &&
			    !bw_methods_has(&methods, set->list[n]))
				methods.list[methods.count++] = set->list[n];
	}
	return methods;
}

/* The host of a block that answered last. */
static uint16_t freshest_host(const struct block *block)
{
	return block->hot.count ? block->hot.hosts[block->hot.count - 1] : 0;
}

/* The trace goes to a host of BLOCK. */
static void set_place(const struct path_units *units, uint32_t block, uint16_t host,
		      unsigned method, struct trace_wish *wish)
{
	const struct roster *roster = units->ledger->config.roster;

	wish->dst = roster_host_addr(roster, block, host);
	wish->method = roster_method(roster, block, host, method);
	wish->egress = roster->blocks[block].egress;
}

bool path_wish_learn(struct path_units *units, uint32_t unit, struct trace_wish *ret_wish)
{
	struct path_unit *u = &units->list[unit];
	uint32_t block = path_units_find_up(units, unit);
	const struct hotlist *hot;
	uint16_t host;

	if (block == UINT32_MAX)
		return false;
	hot = &units->ledger->blocks[block].hot;
	host = freshest_host(&units->ledger->blocks[block]);
	if (u->flow && u->block == block && hotlist_has(hot, u->host))
		host = u->host;
	u->block = block;
	u->host = host;
	u->method = (uint8_t)hotlist_method(hot, host);
	u->flow = u->flow == 1 ? 2 : 1;
	*ret_wish = (struct trace_wish){
		.subject = unit,
		.flow = u->flow,
		.full = u->baseline.end > 0 && u->baseline.traces >= BASELINE_FLOWS,
	};
	set_place(units, block, host, u->method, ret_wish);
	return true;
}

struct trace_wish path_wish_seek(const struct path_units *units, uint32_t unit)
{
	const struct path_unit *u = &units->list[unit];
	const struct path_result *result = &units->results[unit];
	const struct block *block = &units->ledger->blocks[result->block];
	uint16_t host = result->block == u->block ? u->host : freshest_host(block);
	unsigned method = result->block == u->block ? u->method : hotlist_method(&block->hot, host);
	struct trace_wish wish = {
		.subject = unit,
		.flow = 1,
		.until = u->baseline.end,
		.usual = baseline_ttls(&u->baseline),
	};

	set_place(units, result->block, host, method, &wish);
	return wish;
}
