/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/round/round_table.h"

#include <errno.h>
#include <stdlib.h>

#include "base/huge_array.h"

int round_table_init(struct round_table *table, uint32_t size)
{
	uint32_t heads = 1;

	while (heads < size)
		heads *= 2;
	*table = (struct round_table){.mask = heads - 1, .size = size, .free = ROUND_TABLE_END};
	table->rounds = huge_array_new(size, sizeof(*table->rounds));
	table->links = calloc(size + 1, sizeof(*table->links));
	table->heads = malloc(heads * sizeof(*table->heads));
	if (!table->rounds || !table->links || !table->heads)
		return -ENOMEM;
	for (uint32_t i = 0; i < heads; i++)
		table->heads[i] = ROUND_TABLE_END;
	return 0;
}

void round_table_fini(struct round_table *table)
{
	huge_array_free(table->rounds);
	free(table->links);
	free(table->heads);
}

bool round_table_has_room(const struct round_table *table)
{
	return table->free != ROUND_TABLE_END || table->touched < table->size;
}

struct round *round_table_take(struct round_table *table, uint32_t block)
{
	uint32_t *head = &table->heads[block & table->mask], i = table->free;

	if (i == ROUND_TABLE_END)
		i = table->touched++;
	else
		table->free = table->links[i].next;
	table->links[i] = (struct round_link){block, *head};
	*head = i;
	return &table->rounds[i];
}

void round_table_give_back(struct round_table *table, uint32_t block)
{
	const struct round *round = round_table_find(table, block);
	uint32_t *link = &table->heads[block & table->mask];
	uint32_t i = (uint32_t)(round - table->rounds);

	table->suspects -= round->was_suspect;
	while (*link != i)
		link = &table->links[*link].next;
	*link = table->links[i].next;
	table->links[i].next = table->free;
	table->free = i;
}
