/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_sort.h"

#include <stdbool.h>

/* One bit of a key, from the top (0). */
static bool bit_v6(struct addr_key key, unsigned bit)
{
	return (bit < 64 ? key.hi >> (63 - bit) : key.lo >> (127 - bit)) & 1;
}

static void sort_v6(struct addr_key *list, size_t count, unsigned bit)
{
	size_t low = 0, high = count;

	if (count < 2 || bit == 128)
		return;
	while (low < high) {
		struct addr_key key = list[low];

		if (!bit_v6(key, bit)) {
			low++;
			continue;
		}
		list[low] = list[--high];
		list[high] = key;
	}
	sort_v6(list, low, bit + 1);
	sort_v6(list + low, count - low, bit + 1);
}

static void sort_v4(uint32_t *list, size_t count, unsigned bit)
{
	size_t low = 0, high = count;

	if (count < 2 || bit == 32)
		return;
	while (low < high) {
		uint32_t value = list[low];

		if (!(value >> (31 - bit) & 1)) {
			low++;
			continue;
		}
		list[low] = list[--high];
		list[high] = value;
	}
	sort_v4(list, low, bit + 1);
	sort_v4(list + low, count - low, bit + 1);
}

void sweep_sort_v4(uint32_t *list, size_t count)
{
	sort_v4(list, count, 0);
}

void sweep_sort_v6(struct addr_key *list, size_t count)
{
	sort_v6(list, count, 0);
}
