/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_redo.h"

#include <string.h>

/* Takes the two ranges with the narrowest gap for one. */
static void close_narrowest(struct sweep_redo *redo)
{
	struct sweep_redo_range *ranges = redo->ranges;
	size_t best = 0;

	for (size_t i = 1; i + 1 < redo->count; i++)
		if (ranges[i + 1].first - ranges[i].end < ranges[best + 1].first - ranges[best].end)
			best = i;
	ranges[best].end = ranges[best + 1].end;
	redo->count--;
	memmove(&ranges[best + 1], &ranges[best + 2], (redo->count - best - 1) * sizeof(ranges[0]));
}

void sweep_redo_add(struct sweep_redo *redo, uint64_t first, uint64_t end)
{
	struct sweep_redo_range *ranges = redo->ranges;
	size_t at = 0, behind;

	while (at < redo->count && ranges[at].end < first)
		at++;
	for (behind = at; behind < redo->count && ranges[behind].first <= end; behind++) {
		first = ranges[behind].first < first ? ranges[behind].first : first;
		end = ranges[behind].end > end ? ranges[behind].end : end;
	}
	if (at == behind && redo->count == SWEEP_REDO_MAX) {
		close_narrowest(redo);
		sweep_redo_add(redo, first, end);
		return;
	}
	memmove(&ranges[at + 1], &ranges[behind], (redo->count - behind) * sizeof(ranges[0]));
	redo->count = redo->count - behind + at + 1;
	ranges[at] = (struct sweep_redo_range){first, end};
}

bool sweep_redo_next(const struct sweep_redo *redo, uint64_t place, uint64_t *ret_place)
{
	for (size_t i = 0; i < redo->count; i++) {
		if (place >= redo->ranges[i].end)
			continue;
		*ret_place = place > redo->ranges[i].first ? place : redo->ranges[i].first;
		return true;
	}
	return false;
}
