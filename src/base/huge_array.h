/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LARGE_H
#define BASE_LARGE_H

#include <stddef.h>

/*
 * Arrays of millions of items (blocks, hosts, probes) that are accessed in random order. They
 * start at a cache line, so that an item of 64 bytes is one line, and they use huge pages where
 * the kernel allows it, which saves most TLB misses. All zeros at first; memory that is never
 * written is never taken.
 */

/* COUNT items of SIZE bytes, to be freed with huge_array_free(). NULL: out of memory. */
void *huge_array_new(size_t count, size_t size);
void huge_array_free(void *array);

#endif
