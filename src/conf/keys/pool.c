/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/pool.h"

#include <stdlib.h>
#include <string.h>

struct pool_chunk {
	struct pool_chunk *next;
	max_align_t memory[];
};

void *pool_take(struct pool *pool, size_t size)
{
	struct pool_chunk *chunk = (struct pool_chunk *)calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		return NULL;
	chunk->next = pool->first;
	pool->first = chunk;
	return chunk->memory;
}

const char *pool_text(struct pool *pool, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = (char *)pool_take(pool, size);

	return copy ? (const char *)memcpy(copy, text, size) : NULL;
}

void pool_fini(struct pool *pool)
{
	while (pool->first) {
		struct pool_chunk *chunk = pool->first;

		pool->first = chunk->next;
		free(chunk);
	}
}

/* Doubles at each power of two, so that no capacity has to be kept. */
void *pool_list_add(struct pool *pool, struct pool_list *list, size_t size)
{
	if ((list->count & (list->count - 1)) == 0) {
		void *larger = pool_take(pool, (list->count ? 2 * list->count : 1) * size);

		if (!larger)
			return NULL;
		if (list->count > 0)
			memcpy(larger, list->list, list->count * size);
		list->list = larger;
	}
	return (char *)list->list + list->count++ * size;
}
