/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>
#include <stdint.h>

/* An array that grows; its items are plain data. */
struct array {
	uint8_t *items;
	uint32_t count, room;
	size_t size; /* of one item */
};

static inline struct array array_of(size_t size)
{
	return (struct array){.size = size};
}
void array_fini(struct array *array);

/* Room for COUNT more without another allocation. 0 or -ENOMEM. */
int array_reserve(struct array *array, uint32_t count);

/* Copies an item in. Its number, or -ENOMEM. */
int array_add(struct array *array, const void *item);

/* NULL while nothing was ever in it. */
static inline void *array_at(const struct array *array, uint32_t n)
{
	return array->items ? array->items + n * array->size : NULL;
}

#endif
