/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LARGE_H
#define BASE_LARGE_H

#include <stddef.h>

/*
 * Arrays with an item for each block, host or probe, which may be millions, met in any
 * order. They begin with a line of the processor's cache, so that items of 64 bytes are
 * one line each, and are asked for in large pages, because otherwise nearly each
 * item has to wait for its address too. All zeros; what is never written takes no memory.
 */

/* COUNT items of SIZE bytes, to be given back with huge_array_free(). NULL: out of memory. */
void *huge_array_new(size_t count, size_t size);
void huge_array_free(void *array);

#endif
