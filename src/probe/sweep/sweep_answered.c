/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_answered.h"

/* The number of passes in which an address has answered. */
static uint32_t count_passes(const struct sweep_layout *layout, const struct sweep_marks *marks,
			     uint64_t number)
{
	uint32_t passes = 0;

	for (uint32_t pass = 0; pass < layout->passes; pass++) {
		uint32_t first = sweep_layout_layer(layout, pass, 0);
		bool any = false;

		for (unsigned m = 0; m < layout->methods.count && !any; m++)
			any = sweep_marks_has(marks, first + m, number);
		passes += any;
	}
	return passes;
}

static uint64_t next_answered(const struct sweep_marks *marks, uint64_t number, uint64_t end)
{
	while (number < end && !sweep_marks_any(marks, 0, 1, number))
		number++;
	return number;
}

/* Addresses of prefixes ascend, and so do single ones: the two lists are merged. */
void sweep_answered_each(const struct sweep_layout *layout, const struct sweep_marks *marks,
			 void (*take)(void *self, const struct bw_addr *addr, uint32_t passes),
			 void *self)
{
	const struct sweep_space *space = layout->space;
	uint64_t middle = sweep_space_singles(space), end = sweep_space_count(space);
	uint64_t a = next_answered(marks, 0, middle), b = next_answered(marks, middle, end);

	while (a < middle || b < end) {
		struct bw_addr addr_a = {0}, addr_b = {0};

		if (a < middle)
			addr_a = sweep_space_at(space, a);
		if (b < end)
			addr_b = sweep_space_at(space, b);
		if (b == end || (a < middle && bw_addr_compare(&addr_a, &addr_b) < 0)) {
			take(self, &addr_a, count_passes(layout, marks, a));
			a = next_answered(marks, a + 1, middle);
		} else {
			take(self, &addr_b, count_passes(layout, marks, b));
			b = next_answered(marks, b + 1, end);
		}
	}
}
