/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/path/hop_table.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/addr/addr_key.h"
#include "base/rng.h"

#define ROOM_LEAST 64

struct hop_table hop_table_of(void)
{
	return (struct hop_table){0};
}

void hop_table_fini(struct hop_table *table)
{
	free(table->addrs);
	free(table->slots);
	*table = hop_table_of();
}

/* The slot of ADDR, or the free one where it belongs. The table has free slots. */
static uint32_t find_slot(const struct hop_table *table, const struct bw_addr *addr)
{
	struct addr_key key = addr_key_of(addr);
	uint32_t slot = (uint32_t)rng_mix(rng_mix(key.hi ^ addr->family) ^ key.lo);

	for (slot &= table->slot_mask; table->slots[slot]; slot = (slot + 1) & table->slot_mask)
		if (bw_addr_equal(&table->addrs[table->slots[slot] - 1], addr))
			break;
	return slot;
}

/* Doubles the room. Twice as many slots as addresses, so that half of them stay free. */
static bool grow(struct hop_table *table)
{
	uint32_t room = table->room ? table->room * 2 : ROOM_LEAST;
	struct bw_addr *addrs = realloc(table->addrs, room * sizeof(*addrs));
	uint32_t *slots;

	if (!addrs)
		return false;
	table->addrs = addrs;
	slots = calloc((size_t)room * 2, sizeof(*slots));
	if (!slots)
		return false;
	free(table->slots);
	table->slots = slots;
	table->slot_mask = room * 2 - 1;
	table->room = room;
	for (uint32_t hop = 0; hop < table->count; hop++)
		slots[find_slot(table, &addrs[hop])] = hop + 1;
	return true;
}

uint32_t hop_table_find(const struct hop_table *table, const struct bw_addr *addr)
{
	return table->room == 0 ? HOP_NONE : table->slots[find_slot(table, addr)] - 1;
}

uint32_t hop_table_add(struct hop_table *table, const struct bw_addr *addr)
{
	uint32_t hop = hop_table_find(table, addr);

	if (hop != HOP_NONE || table->count == HOP_TABLE_MAX)
		return hop;
	if (table->count == table->room && !grow(table))
		return HOP_NONE;
	table->addrs[table->count] = *addr;
	table->slots[find_slot(table, addr)] = ++table->count;
	return table->count - 1;
}
