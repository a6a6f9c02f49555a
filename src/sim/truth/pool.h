/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_POOL_H
#define SIM_POOL_H

#include <stddef.h>
#include <stdint.h>

/* An array that grows; its items are plain data. */
struct pool {
	uint8_t *items;
	uint32_t count, room;
	size_t size; /* of one item */
};

static inline struct pool pool_of(size_t size)
{
	return (struct pool){.size = size};
}
void pool_fini(struct pool *pool);

/* Room for COUNT more without another allocation. 0 or -ENOMEM. */
int pool_reserve(struct pool *pool, uint32_t count);

/* Copies an item in. Its number, or -ENOMEM. */
int pool_add(struct pool *pool, const void *item);

static inline void *pool_at(const struct pool *pool, uint32_t n)
{
	return pool->items + n * pool->size;
}

#endif
