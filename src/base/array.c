/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 8

void array_fini(struct array *array)
{
	free(array->items);
	*array = array_of(array->size);
}

int array_reserve(struct array *array, uint32_t count)
{
	uint64_t need = (uint64_t)array->count + count;
	uint64_t room = array->room ? array->room : FIRST_ROOM;
	uint8_t *items;

	if (need <= array->room)
		return 0;
	if (need > INT32_MAX)
		return -ENOMEM;
	if (count > 1)
		room = need;
	while (room < need)
		room *= 2;
	items = realloc(array->items, room * array->size);
	if (!items)
		return -ENOMEM;
	array->items = items;
	array->room = (uint32_t)room;
	return 0;
}

int array_add(struct array *array, const void *item)
{
	if (array_reserve(array, 1) < 0)
		return -ENOMEM;
	memcpy(array_at(array, array->count), item, array->size);
	return (int)array->count++;
}

int array_put(struct array *array, const void *item, uint32_t max, struct bw_err *err)
{
	int rc;

	if (array->count >= max)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %u of these", max);
	rc = array_add(array, item);
	return rc < 0 ? bw_err_set(err, rc, "out of memory") : rc;
}
