/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/truth/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 8

void pool_fini(struct pool *pool)
{
	free(pool->items);
	*pool = pool_of(pool->size);
}

int pool_reserve(struct pool *pool, uint32_t count)
{
	uint64_t need = (uint64_t)pool->count + count;
	uint64_t room = pool->room ? pool->room : FIRST_ROOM;
	uint8_t *items;

	if (need <= pool->room)
		return 0;
	if (need > INT32_MAX)
		return -ENOMEM;
	if (count > 1)
		room = need;
	while (room < need)
		room *= 2;
	items = realloc(pool->items, room * pool->size);
	if (!items)
		return -ENOMEM;
	pool->items = items;
	pool->room = (uint32_t)room;
	return 0;
}

int pool_add(struct pool *pool, const void *item)
{
	if (pool_reserve(pool, 1) < 0)
		return -ENOMEM;
	memcpy(pool_at(pool, pool->count), item, pool->size);
	return (int)pool->count++;
}
