/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/arrivals.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/err.h>

#define FIRST_SLOTS 256
#define CHILDREN 4

void arrivals_init(struct arrivals *arrivals, uint32_t max)
{
	*arrivals = (struct arrivals){.max = max};
}

void arrivals_fini(struct arrivals *arrivals)
{
	free(arrivals->slots);
	free(arrivals->heap);
	free(arrivals->spare);
	*arrivals = (struct arrivals){0};
}

static int resize(void *array, size_t count, size_t size, void *ret_array)
{
	void *bigger = realloc(array, count * size);

	if (!bigger)
		return -ENOMEM;
	memcpy(ret_array, &bigger, sizeof(bigger));
	return 0;
}

static int grow(struct arrivals *arrivals)
{
	uint32_t want = arrivals->slot_count ? arrivals->slot_count * 2 : FIRST_SLOTS;

	if (want > arrivals->max)
		want = arrivals->max;
	if (want <= arrivals->slot_count)
		return BW_ERR_LIMIT;
	if (resize(arrivals->slots, want, sizeof(*arrivals->slots), &arrivals->slots) < 0 ||
	    resize(arrivals->heap, want, sizeof(*arrivals->heap), &arrivals->heap) < 0 ||
	    resize(arrivals->spare, want, sizeof(*arrivals->spare), &arrivals->spare) < 0)
		return -ENOMEM;
	for (uint32_t i = want; i > arrivals->slot_count; i--)
		arrivals->spare[arrivals->spare_count++] = i - 1;
	arrivals->slot_count = want;
	return 0;
}

static bool is_before(struct arrivals_entry a, struct arrivals_entry b)
{
	if (a.at_ns != b.at_ns)
		return a.at_ns < b.at_ns;
	return (int32_t)(a.order - b.order) < 0;
}

static void sift_up(struct arrivals_entry *heap, uint32_t i, struct arrivals_entry entry)
{
	while (i > 0) {
		uint32_t parent = (i - 1) / CHILDREN;

		if (!is_before(entry, heap[parent]))
			break;
		heap[i] = heap[parent];
		i = parent;
	}
	heap[i] = entry;
}

static void sift_down(struct arrivals_entry *heap, uint32_t count, struct arrivals_entry entry)
{
	uint32_t i = 0;

	for (;;) {
		uint32_t first = i * CHILDREN + 1;
		uint32_t last = first + CHILDREN < count ? first + CHILDREN : count;
		uint32_t best = first;

		if (first >= count)
			break;
		for (uint32_t c = first + 1; c < last; c++) {
			if (is_before(heap[c], heap[best]))
				best = c;
		}
		if (!is_before(heap[best], entry))
			break;
		heap[i] = heap[best];
		i = best;
	}
	heap[i] = entry;
}

int arrivals_add(struct arrivals *arrivals, const struct arrival *arrival)
{
	struct arrivals_entry entry = {.at_ns = arrival->at.ns, .order = arrivals->order};
	int rc;

	if (arrivals->spare_count == 0) {
		rc = grow(arrivals);
		if (rc < 0)
			return rc;
	}
	entry.slot = arrivals->spare[--arrivals->spare_count];
	memcpy(&arrivals->slots[entry.slot], arrival,
	       offsetof(struct arrival, bytes) + arrival->length);
	arrivals->order++;
	sift_up(arrivals->heap, arrivals->count++, entry);
	return 0;
}

struct bw_mono arrivals_next(const struct arrivals *arrivals)
{
	return arrivals->count ? (struct bw_mono){arrivals->heap[0].at_ns} : BW_NEVER;
}

const struct arrival *arrivals_take(struct arrivals *arrivals)
{
	uint32_t slot;

	if (arrivals->count == 0)
		return NULL;
	slot = arrivals->heap[0].slot;
	arrivals->count--;
	if (arrivals->count > 0)
		sift_down(arrivals->heap, arrivals->count, arrivals->heap[arrivals->count]);
	arrivals->spare[arrivals->spare_count++] = slot;
	return &arrivals->slots[slot];
}
