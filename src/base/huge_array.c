/* SPDX-License-Identifier: Apache-2.0 */
#include "base/huge_array.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define LINE 64
#define PAGE 4096
#define LARGE (8U << 20) /* bytes; smaller arrays stay in small pages */

/* It is a hint: failure does not matter. */
static void ask_for_large_pages(void *memory, size_t size)
{
	size_t before = -(uintptr_t)memory % PAGE;

	if (size >= LARGE)
		(void)madvise((char *)memory + before, (size - before) / PAGE * PAGE,
			      MADV_HUGEPAGE);
}

/* The address that free() needs is stored in front of the array. */
void *huge_array_new(size_t count, size_t size)
{
	size_t bytes = count * size + 2 * LINE;
	void **array;
	char *memory;

	if (size > 0 && count > (PTRDIFF_MAX - 2 * LINE) / size)
		return NULL;
	memory = (char *)calloc(bytes, 1);
	if (!memory)
		return NULL;
	ask_for_large_pages(memory, bytes);
	array = (void **)(void *)(memory + LINE + -(uintptr_t)memory % LINE);
	array[-1] = memory;
	return array;
}

void huge_array_free(void *array)
{
	if (array)
		free(((void **)array)[-1]);
}
