/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/timeline.h"

#include <errno.h>
#include <string.h>

void timeline_init(struct timeline *timeline)
{
	timeline->intervals = array_of(sizeof(struct interval));
	timeline->changed_ns = INT64_MAX;
	timeline->told = BW_UNKNOWN;
	timeline->told_outage = timeline->last_outage = 0;
	timeline->kept_ns = timeline->saved_ns = INT64_MIN;
}

void timeline_fini(struct timeline *timeline)
{
	array_fini(&timeline->intervals);
}

uint32_t timeline_after(const struct timeline *timeline, int64_t t_ns)
{
	uint32_t low = 0, high = timeline->intervals.count;

	if (high > 0 && timeline_get(timeline, high - 1)->from_ns <= t_ns)
		return high;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (timeline_get(timeline, middle)->from_ns <= t_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void mark(struct timeline *timeline, int64_t t_ns)
{
	if (t_ns < timeline->changed_ns)
		timeline->changed_ns = t_ns;
}

void timeline_cut(struct timeline *timeline, int64_t t_ns)
{
	struct array *list = &timeline->intervals;

	while (list->count > 0 && timeline_get(timeline, list->count - 1)->decided_ns >= t_ns)
		mark(timeline, timeline_get(timeline, --list->count)->from_ns);
}

static bool is_same(const struct interval *a, const struct interval *b)
{
	return a->verdict == b->verdict && a->seen_from == b->seen_from &&
	       a->lacks_quorum == b->lacks_quorum;
}

int timeline_add(struct timeline *timeline, const struct interval *interval)
{
	const uint32_t count = timeline->intervals.count;
	const struct interval nothing = {.verdict = BW_UNKNOWN};
	const struct interval *last = count ? timeline_get(timeline, count - 1) : &nothing;

	if (is_same(last, interval))
		return 0;
	mark(timeline, interval->from_ns);
	return array_add(&timeline->intervals, interval) < 0 ? -ENOMEM : 0;
}

const struct interval *timeline_at(const struct timeline *timeline, int64_t t_ns)
{
	const uint32_t n = timeline_after(timeline, t_ns);

	return n > 0 ? timeline_get(timeline, n - 1) : NULL;
}

void timeline_forget(struct timeline *timeline, int64_t t_ns)
{
	struct array *list = &timeline->intervals;
	const uint32_t n = timeline_after(timeline, t_ns);

	if (n < 2)
		return;
	list->count -= n - 1;
	memmove(list->items, array_at(list, n - 1), list->count * list->size);
}
