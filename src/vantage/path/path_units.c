/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_units.h"

#include <errno.h>
#include <stdlib.h>

#include "base/huge_array.h"

#define REFUSAL_NS (60 * BW_S) /* an unreachable counts for so long */
#define LOOK_AT_MAX 64U /* blocks of a large network, for one that is up */

static const struct roster *roster_of(const struct path_units *units)
{
	return units->ledger->config.roster;
}

static uint32_t length_of(struct roster_range range)
{
	return range.end - range.first;
}

static bool is_small(const struct roster *roster, uint32_t target)
{
	return length_of(roster_target_blocks(roster, target)) <= PATH_BLOCKS_MAX;
}

int path_units_init(struct path_units *units, const struct ledger *ledger)
{
	const struct roster *roster = ledger->config.roster;
	uint32_t count = 0, networks = 0;

	*units = (struct path_units){.ledger = ledger, .hops = hop_table_of()};
	units->first = calloc(roster->target_count + 1, sizeof(*units->first));
	if (!units->first)
		return -ENOMEM;
	for (uint32_t t = 0; t < roster->target_count; t++) {
		units->first[t] = count;
		count += is_small(roster, t) ? length_of(roster_target_blocks(roster, t))
					     : roster->targets[t].network_count;
		if (roster->targets[t].network_count > networks)
			networks = roster->targets[t].network_count;
	}
	units->first[roster->target_count] = units->count = count;
	units->list = huge_array_new(count, sizeof(*units->list));
	units->results = huge_array_new(count, sizeof(*units->results));
	units->breaks = huge_array_new(networks + 1, sizeof(*units->breaks));
	return units->list && units->results && units->breaks ? 0 : -ENOMEM;
}

void path_units_fini(struct path_units *units)
{
	huge_array_free(units->list);
	huge_array_free(units->results);
	huge_array_free(units->breaks);
	free(units->first);
	hop_table_fini(&units->hops);
	*units = (struct path_units){.count = 0};
}

uint32_t path_units_of_block(const struct path_units *units, uint32_t block)
{
	const struct roster *roster = roster_of(units);
	uint32_t target = roster_target_of(roster, block);

	if (is_small(roster, target))
		return units->first[target] + block - roster_target_blocks(roster, target).first;
	return units->first[target] + roster->blocks[block].network -
	       roster->targets[target].first_network;
}

uint32_t path_units_target(const struct path_units *units, uint32_t unit)
{
	uint32_t low = 0, high = roster_of(units)->target_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (units->first[middle] <= unit)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct roster_range path_units_of_network(const struct path_units *units, uint32_t network)
{
	const struct roster *roster = roster_of(units);
	uint32_t target = roster->networks[network].target, first = units->first[target];
	struct roster_range blocks = roster_network_blocks(roster, network);
	uint32_t start = roster_target_blocks(roster, target).first;

	if (is_small(roster, target))
		return (struct roster_range){first + blocks.first - start,
					     first + blocks.end - start};
	first += network - roster->targets[target].first_network;
	return (struct roster_range){first, first + 1};
}

struct roster_range path_units_of_target(const struct path_units *units, uint32_t target)
{
	return (struct roster_range){units->first[target], units->first[target + 1]};
}

struct roster_range path_units_blocks(const struct path_units *units, uint32_t unit)
{
	const struct roster *roster = roster_of(units);
	uint32_t target = path_units_target(units, unit), n = unit - units->first[target];
	uint32_t block = roster_target_blocks(roster, target).first + n;

	if (is_small(roster, target))
		return (struct roster_range){block, block + 1};
	return roster_network_blocks(roster, roster->targets[target].first_network + n);
}

static bool can_be_traced(const struct path_units *units, uint32_t block)
{
	const struct roster_block *b = &roster_of(units)->blocks[block];
	const struct block *state = &units->ledger->blocks[block];

	return state->verdict == BW_UP && state->hot.count > state->hot.doubted &&
	       b->egress != ROSTER_NO_EGRESS && b->refused == ROSTER_ALLOWED &&
	       !ledger_blind(units->ledger, block);
}

uint32_t path_units_find_up(const struct path_units *units, uint32_t unit)
{
	const struct path_unit *u = &units->list[unit];
	struct roster_range blocks = path_units_blocks(units, unit);
	uint32_t count = length_of(blocks), start = blocks.first;

	if (u->flow && u->block >= blocks.first && u->block < blocks.end)
		start = u->block;
	for (uint32_t n = 0; n < count && n < LOOK_AT_MAX; n++) {
		uint32_t block = blocks.first + (start - blocks.first + n) % count;

		if (can_be_traced(units, block))
			return block;
	}
	return UINT32_MAX;
}

uint32_t path_units_find_dark(const struct path_units *units, uint32_t unit)
{
	struct roster_range blocks = path_units_blocks(units, unit);

	for (uint32_t block = blocks.first; block < blocks.end; block++)
		if (units->ledger->blocks[block].verdict == BW_DARK)
			return block;
	return UINT32_MAX;
}

bool path_units_ends(const struct path_units *units, uint32_t unit)
{
	return units->results[unit].search == PATH_FOUND &&
	       units->ledger->blocks[units->results[unit].block].verdict != BW_UP;
}

void path_units_set_late(struct path_units *units, uint32_t block, uint64_t event)
{
	struct path_result *result = &units->results[path_units_of_block(units, block)];

	result->is_late = result->search == PATH_SOUGHT && result->event == event;
}

void path_units_hear(struct path_units *units, const struct outcome *error, enum path_kind kind)
{
	uint32_t block = error->probe.subject;
	struct bw_prefix prefix = roster_prefix(roster_of(units), block);
	struct path_result *result = &units->results[path_units_of_block(units, block)];

	if (kind == PATH_KIND_UNKNOWN || bw_prefix_contains(&prefix, &error->from))
		return;
	result->refusal = (uint8_t)kind;
	result->refused = block;
	result->refused_by = error->from;
	result->refused_at = error->at;
}

void path_units_add_refusal(struct path_units *units, uint32_t unit, uint8_t own_hops,
			    struct bw_mono now)
{
	struct path_result *result = &units->results[unit];
	uint32_t hop = hop_table_find(&units->hops, &result->refused_by);

	if (result->at.kind != PATH_KIND_SILENT || result->at.is_own ||
	    result->refused_at.ns == 0 || result->refused != result->block ||
	    bw_mono_since(now, result->refused_at) > REFUSAL_NS ||
	    baseline_find(&units->list[unit].baseline, hop) <= own_hops)
		return;
	result->at.kind = result->refusal;
	result->at.refused_by = result->refused_by;
	result->at.direction = PATH_DIRECTION_FORWARD;
}
