/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_view.h"

#include "collect/api/api_time.h"

#define WEEK_NS (7 * 86400 * BW_S)
#define LEAST_NS (600 * BW_S) /* what is shown of a target that is new */
#define STEP_NS (10 * BW_S)   /* a picture that ends now ends at such a time */

struct page_view page_view_all(const struct collector *collector, struct bw_wall now,
			       struct markup *out)
{
	return (struct page_view){
		.collector = collector,
		.board = &collector->board,
		.now_ns = now.ns,
		.out = out,
		.clock = local_clock_utc(),
	};
}

static int32_t zone_offset(const void *arg, int64_t t_ns)
{
	return zone_offset_s(arg, (struct bw_wall){t_ns});
}

static struct local_clock clock_of(struct collector *collector, const char *target)
{
	struct local_clock clock = local_clock_utc();
	const char *name;
	const struct zone *zone = target_zones_get(&collector->zones, target, &name);

	if (zone)
		clock = (struct local_clock){zone_offset, zone, name};
	return clock;
}

int64_t page_view_first(const struct page_view *view)
{
	const struct timeline *timeline = &board_target(view->board, view->target)->merged;

	return timeline->intervals.count ? timeline_get(timeline, 0)->from_ns : INT64_MAX;
}

/* A week, or from a little before the first data on. */
static int64_t default_span(const struct page_view *view)
{
	const int64_t first = page_view_first(view);
	const int64_t since = first < view->now_ns ? view->now_ns - first : 0;

	if (since >= WEEK_NS)
		return WEEK_NS;
	return since > LEAST_NS ? since + since / 50 : LEAST_NS;
}

/* Now in steps, so that a page stays the same for a while, but not before the last change. */
static int64_t end_of(const struct page_view *view)
{
	const struct timeline *timeline = &board_target(view->board, view->target)->merged;
	const int64_t step = view->now_ns - view->now_ns % STEP_NS;
	const struct interval *last = timeline_at(timeline, view->now_ns);

	return last && last->from_ns >= step ? view->now_ns : step;
}

int page_view_target(struct page_view *view, struct collector *collector, uint32_t target,
		     const struct api_request *request, struct api_answer *answer)
{
	int result = api_time_span(request, view->now_ns, 0, &view->from_ns, &view->until_ns,
				   answer);

	if (result < 0)
		return result;
	view->target = target;
	view->clock = clock_of(collector, board_target(view->board, target)->name);
	result = api_time_ends(request, end_of(view), default_span(view), &view->from_ns,
			       &view->until_ns, answer);
	if (result == 0 && view->until_ns - view->from_ns < BW_S)
		view->from_ns = view->until_ns - BW_S;
	return result;
}
