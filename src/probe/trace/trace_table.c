/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_table.h"

#include <errno.h>
#include <string.h>

#include "base/addr/addr_key.h"
#include "base/huge_array.h"
#include "base/rng.h"

#define NONE UINT32_MAX

int trace_table_init(struct trace_table *table, uint32_t max, uint8_t max_ttl)
{
	uint32_t chains = 64;

	while (chains < max)
		chains *= 2;
	*table = (struct trace_table){
		.chain_mask = chains - 1,
		.max = max,
		.free = NONE,
		.room = max_ttl + 1U,
	};
	table->slots = huge_array_new(max, sizeof(*table->slots));
	table->hops = huge_array_new((size_t)max * table->room, sizeof(*table->hops));
	table->chains = huge_array_new(chains, sizeof(*table->chains));
	if (!table->slots || !table->hops || !table->chains)
		return -ENOMEM;
	memset(table->chains, 0xff, chains * sizeof(*table->chains));
	return 0;
}

void trace_table_fini(struct trace_table *table)
{
	huge_array_free(table->slots);
	huge_array_free(table->hops);
	huge_array_free(table->chains);
	*table = (struct trace_table){0};
}

static uint32_t *chain_of(const struct trace_table *table, const struct bw_addr *dst)
{
	struct addr_key key = addr_key_of(dst);

	return &table->chains[rng_mix(rng_mix(key.hi) ^ key.lo) & table->chain_mask];
}

struct trace_slot *trace_table_add(struct trace_table *table, const struct bw_addr *dst)
{
	uint32_t *chain = chain_of(table, dst), number = table->free;
	struct trace_slot *slot;
	struct trace_hop *hops;

	if (number != NONE)
		table->free = table->slots[number].next;
	else if (table->touched < table->max)
		number = table->touched++;
	else
		return NULL;
	slot = &table->slots[number];
	hops = &table->hops[(size_t)number * table->room];
	memset(hops, 0, table->room * sizeof(*hops));
	slot->trace = (struct trace){.dst = *dst, .hops = hops};
	slot->used = true;
	slot->next = *chain;
	*chain = number;
	table->active++;
	return slot;
}

void trace_table_drop(struct trace_table *table, struct trace_slot *slot)
{
	uint32_t number = (uint32_t)(slot - table->slots);
	uint32_t *link = chain_of(table, &slot->trace.dst);

	while (*link != number)
		link = &table->slots[*link].next;
	*link = slot->next;
	slot->used = false;
	slot->next = table->free;
	table->free = number;
	table->active--;
}

struct trace_slot *trace_table_find(const struct trace_table *table, const struct bw_addr *dst,
				    const struct trace_slot *start)
{
	uint32_t number = start ? start->next : *chain_of(table, dst);

	while (number != NONE && !bw_addr_equal(&table->slots[number].trace.dst, dst))
		number = table->slots[number].next;
	return number == NONE ? NULL : &table->slots[number];
}
