/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/passive/traced.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/wheel.h"

#define CHAINS 4096U /* a power of two */
#define HOPS_STEP 8U /* the memory of hops grows by so many */
#define TICK_NS BW_MS

int traced_table_init(struct traced_table *table, uint32_t max, struct bw_mono start)
{
	*table = (struct traced_table){
		.list = calloc(max, sizeof(*table->list)),
		.chains = malloc(CHAINS * sizeof(*table->chains)),
		.max = max,
		.free = TRACED_NONE,
		.hash = siphash_key_random(),
		.wheel = wheel_new(max, TICK_NS, start),
	};
	if (!table->list || !table->chains || !table->wheel)
		return -ENOMEM;
	memset(table->chains, 0xff, CHAINS * sizeof(*table->chains));
	return 0;
}

void traced_table_fini(struct traced_table *table)
{
	for (uint32_t i = 0; i < table->used; i++)
		free(table->list[i].trace.hops);
	free(table->list);
	free(table->chains);
	wheel_free(table->wheel);
}

static uint32_t *chain_of(const struct traced_table *table, const struct bw_addr *dst)
{
	uint64_t hash = siphash(&table->hash, dst, sizeof(*dst));

	return &table->chains[hash & (CHAINS - 1)];
}

static bool is_same_method(struct bw_method a, struct bw_method b)
{
	return a.protocol == b.protocol && (a.protocol == BW_PROTOCOL_UDP || a.port == b.port);
}

uint32_t traced_table_find(const struct traced_table *table, const struct bw_addr *dst,
			   struct bw_method method)
{
	uint32_t i = *chain_of(table, dst);

	while (i != TRACED_NONE && !(bw_addr_equal(&table->list[i].trace.dst, dst) &&
				     is_same_method(table->list[i].trace.method, method)))
		i = table->list[i].next;
	return i;
}

uint32_t traced_table_add(struct traced_table *table, const struct bw_addr *dst,
			  struct bw_method method, struct bw_mono at)
{
	uint32_t number = table->free, *chain = chain_of(table, dst);

	if (table->count == table->max)
		return TRACED_NONE;
	if (number != TRACED_NONE)
		table->free = table->list[number].next;
	else
		number = table->used++;
	table->count++;
	table->list[number] = (struct traced){
		.trace = {.dst = *dst, .method = method, .flow = 1},
		.begun = at,
		.next = *chain,
	};
	*chain = number;
	return number;
}

void traced_table_hide(struct traced_table *table, uint32_t number)
{
	struct traced *traced = &table->list[number];
	uint32_t *link = chain_of(table, &traced->trace.dst);

	if (traced->is_hidden)
		return;
	while (*link != number)
		link = &table->list[*link].next;
	*link = traced->next;
	traced->is_hidden = true;
}

void traced_table_drop(struct traced_table *table, uint32_t number)
{
	struct traced *traced = &table->list[number];

	traced_table_hide(table, number);
	wheel_cancel(table->wheel, number);
	free(traced->trace.hops);
	*traced = (struct traced){.next = table->free};
	table->free = number;
	table->count--;
}

static int make_room(struct traced *traced, uint8_t ttl)
{
	unsigned room = (ttl / HOPS_STEP + 1U) * HOPS_STEP;
	struct trace_hop *hops;

	if (ttl <= traced->room)
		return 0;
	hops = realloc(traced->trace.hops, (room + 1) * sizeof(*hops));
	if (!hops)
		return -ENOMEM;
	for (unsigned i = traced->room ? traced->room + 1U : 0; i <= room; i++)
		hops[i] = (struct trace_hop){.rtt_ns = -1};
	traced->trace.hops = hops;
	traced->room = (uint8_t)room;
	return 0;
}

int traced_note_probe(struct traced *traced, uint8_t ttl)
{
	struct trace *trace = &traced->trace;
	int rc = make_room(traced, ttl);

	if (rc < 0)
		return rc;
	trace->sent++;
	if (ttl > trace->high)
		trace->high = ttl;
	if (trace->hops[ttl].tries < UINT8_MAX)
		trace->hops[ttl].tries++;
	return 0;
}
