/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#include <blockwatch/err.h>

/*
 * An array that grows by doubling. Its items are plain data of one size and are
 * addressed by number. Adding may move them: a pointer to an item is valid until
 * the next addition. At most INT32_MAX items.
 */
struct array {
	uint8_t *items;
	uint32_t count, room;
	size_t size; /* of one item, in bytes */
};

/* An empty array for items of SIZE bytes. Allocates nothing. */
static inline struct array array_of(size_t size)
{
	return (struct array){.size = size};
}

/* Frees the items. The array is empty afterwards and can be used again. */
void array_fini(struct array *array);

/* Reserves room for COUNT more items. Returns 0 or -ENOMEM. */
int array_reserve(struct array *array, uint32_t count);

/* Copies an item in. Returns its number, or -ENOMEM. */
int array_add(struct array *array, const void *item);

/*
 * The same for an array with at most MAX items, with a message for a user.
 * Returns the item's number, -ENOMEM or BW_ERR_LIMIT.
 */
int array_put(struct array *array, const void *item, uint32_t max, struct bw_err *err);

/* Item N, also the place just behind the last one. NULL while nothing was ever added. */
static inline void *array_at(const struct array *array, uint32_t n)
{
	return array->items ? array->items + n * array->size : NULL;
}

#endif
