/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_layout.h"

#define SLOT_SHIFT 40

uint32_t sweep_layout_pass(const struct sweep_layout *layout, uint32_t attempt)
{
	return attempt / layout->attempts;
}

uint32_t sweep_layout_layer(const struct sweep_layout *layout, uint32_t pass, unsigned method)
{
	return pass * layout->methods.count + method;
}

uint64_t sweep_layout_place(const struct sweep_layout *layout, uint32_t attempt, uint64_t cursor)
{
	return attempt * layout->span + cursor;
}

uint64_t sweep_layout_number(const struct sweep_layout *layout, uint64_t cursor,
			     unsigned *ret_method)
{
	unsigned method = 0;

	while (cursor >= layout->order.share) {
		cursor -= layout->order.share;
		method++;
	}
	*ret_method = method;
	return sweep_order_at(&layout->order, cursor);
}

bool sweep_layout_find(const struct sweep_layout *layout, uint64_t number, unsigned method,
		       uint64_t *ret_cursor)
{
	uint64_t n;

	if (!sweep_order_find(&layout->order, number, &n))
		return false;
	*ret_cursor = n + method * layout->order.share;
	return true;
}

int sweep_layout_method(const struct sweep_layout *layout, struct bw_method method)
{
	for (unsigned m = 0; m < layout->methods.count; m++)
		if (bw_method_equal(layout->methods.list[m], method))
			return (int)m;
	return -1;
}

uint64_t sweep_layout_nonce(uint32_t attempt, struct bw_mono at)
{
	return (uint64_t)(at.ns / SWEEP_SLOT_NS) << SLOT_SHIFT | attempt;
}
