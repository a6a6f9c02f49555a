/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/passive/passive_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/wheel.h"

#define ROOM_MIN 1024U
#define TICK_NS BW_MS

static void link_free(struct passive_table *table, uint32_t from, uint32_t to)
{
	for (uint32_t i = to; i-- > from;) {
		table->entries[i].next = table->free;
		table->free = i;
	}
}

int passive_table_init(struct passive_table *table, uint32_t max, struct bw_mono start)
{
	*table = (struct passive_table){.room = ROOM_MIN, .max = max, .free = PASSIVE_NONE};
	table->hash = siphash_key_random();
	table->entries = calloc(table->room, sizeof(*table->entries));
	table->chains = malloc(table->room * sizeof(*table->chains));
	table->wheel = wheel_new(table->room, TICK_NS, start);
	if (!table->entries || !table->chains || !table->wheel) {
		passive_table_fini(table);
		return -ENOMEM;
	}
	memset(table->chains, 0xff, table->room * sizeof(*table->chains));
	link_free(table, 0, table->room);
	return 0;
}

void passive_table_fini(struct passive_table *table)
{
	wheel_free(table->wheel);
	free(table->chains);
	free(table->entries);
	*table = (struct passive_table){.free = PASSIVE_NONE};
}

static uint32_t *chain_of(const struct passive_table *table, const struct passive_key *key)
{
	uint64_t hash = siphash(&table->hash, key, sizeof(*key));

	return &table->chains[hash & (table->room - 1)];
}

uint32_t passive_table_find(const struct passive_table *table, const struct passive_key *key)
{
	uint32_t i = *chain_of(table, key);

	while (i != PASSIVE_NONE && memcmp(&table->entries[i].key, key, sizeof(*key)) != 0)
		i = table->entries[i].next;
	return i;
}

static void add_to_chain(struct passive_table *table, uint32_t i)
{
	uint32_t *chain = chain_of(table, &table->entries[i].key);

	table->entries[i].next = *chain;
	*chain = i;
}

/* Doubles the room when all entries are in use. */
static bool make_room(struct passive_table *table)
{
	uint32_t old = table->room, room = 2 * old;
	struct passive_entry *entries;
	uint32_t *chains;

	if (table->free != PASSIVE_NONE)
		return true;
	if (room > table->max || wheel_grow(table->wheel, room) < 0)
		return false;
	entries = realloc(table->entries, room * sizeof(*entries));
	if (!entries)
		return false;
	table->entries = entries;
	chains = realloc(table->chains, room * sizeof(*chains));
	if (!chains)
		return false;
	table->chains = chains;
	table->room = room;
	memset(chains, 0xff, room * sizeof(*chains));
	for (uint32_t i = 0; i < old; i++)
		add_to_chain(table, i);
	link_free(table, old, room);
	return true;
}

uint32_t passive_table_add(struct passive_table *table, const struct passive_key *key)
{
	uint32_t i;

	if (!make_room(table))
		return PASSIVE_NONE;
	i = table->free;
	table->free = table->entries[i].next;
	table->entries[i] = (struct passive_entry){.key = *key};
	add_to_chain(table, i);
	return i;
}

void passive_table_drop(struct passive_table *table, uint32_t index)
{
	uint32_t *at = chain_of(table, &table->entries[index].key);

	while (*at != index)
		at = &table->entries[*at].next;
	*at = table->entries[index].next;
	wheel_cancel(table->wheel, index);
	link_free(table, index, index + 1);
}

static uint32_t count_waiting(const struct passive_table *table)
{
	uint32_t count = 0;

	for (uint32_t chain = 0; chain < table->room; chain++)
		for (uint32_t i = table->chains[chain]; i != PASSIVE_NONE;
		     i = table->entries[i].next)
			count += table->entries[i].state == PASSIVE_WAITING;
	return count;
}

uint32_t passive_table_clear(struct passive_table *table)
{
	const uint32_t waiting = count_waiting(table);

	memset(table->chains, 0xff, table->room * sizeof(*table->chains));
	for (uint32_t i = 0; i < table->room; i++)
		wheel_cancel(table->wheel, i);
	table->free = PASSIVE_NONE;
	link_free(table, 0, table->room);
	return waiting;
}
