/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_timeline.h"

#include "collect/api/api_target_name.h"
#include "collect/api/api_time.h"
#include "collect/board/subject.h"

#define DEFAULT_NS (86400 * BW_S)

struct view {
	const struct board *board;
	int64_t from_ns, until_ns;
	struct json_out *out;
};

static void put_interval(const struct view *view, const struct subject *subject,
			 const struct interval *interval, int64_t start_ns, int64_t end_ns)
{
	char text[SUBJECT_TEXT];

	json_out_object(view->out);
	json_out_key(view->out, "scope");
	json_out_string(view->out, bw_scope_name(subject->scope));
	json_out_key(view->out, "subject");
	json_out_string(view->out, subject_format(view->board, subject, text));
	json_out_key(view->out, "verdict");
	json_out_string(view->out, bw_verdict_name(timeline_verdict(interval)));
	json_out_key(view->out, "conditions");
	json_out_array(view->out);
	if (interval && interval->seen_from)
		json_out_string(view->out, "seen-from");
	json_out_array_end(view->out);
	json_out_key(view->out, "start");
	json_out_time(view->out, (struct bw_wall){start_ns});
	json_out_key(view->out, "end");
	json_out_time(view->out, (struct bw_wall){end_ns});
	json_out_object_end(view->out);
}

/* Whether an answer would say the same of both; NULL: nothing was said. */
static bool looks_like(const struct interval *a, const struct interval *b)
{
	return timeline_verdict(a) == timeline_verdict(b) &&
	       (a && a->seen_from) == (b && b->seen_from);
}

/* The number of the interval from N on that looks different, or begins at END or later. */
static uint32_t skip_alike(const struct timeline *timeline, uint32_t n, int64_t end_ns)
{
	const struct interval *first = n ? timeline_get(timeline, n - 1) : NULL;

	while (n < timeline->intervals.count && timeline_get(timeline, n)->from_ns < end_ns &&
	       looks_like(first, timeline_get(timeline, n)))
		n++;
	return n;
}

/* From the interval that holds at its beginning to the one that holds at its end: no gap. */
static int put_timeline(void *arg, const struct subject *subject)
{
	const struct view *view = arg;
	const struct timeline *timeline = subject->merged;
	uint32_t next = timeline_after(timeline, view->from_ns);
	int64_t start = view->from_ns;

	while (start < view->until_ns) {
		const struct interval *interval = next ? timeline_get(timeline, next - 1) : NULL;
		const uint32_t other = skip_alike(timeline, next, view->until_ns);
		int64_t end = view->until_ns;

		if (other < timeline->intervals.count &&
		    timeline_get(timeline, other)->from_ns < end)
			end = timeline_get(timeline, other)->from_ns;
		put_interval(view, subject, interval, start, end);
		start = end;
		next = other + 1;
	}
	return 0;
}

void api_timeline(struct collector *collector, const struct api_request *request,
		  struct bw_wall now, struct api_answer *answer)
{
	const struct board *board = &collector->board;
	const struct board_target *target = api_target_name_find(board, request->path, "/timeline");
	struct json_out out;
	struct view view = {.board = board, .out = &out};

	if (!target) {
		api_answer_error(answer, 404, "no vantage has told of such a target");
		return;
	}
	if (api_time_span(request, now.ns, DEFAULT_NS, &view.from_ns, &view.until_ns, answer) < 0)
		return;
	json_out_init_heap(&out, false);
	json_out_array(&out);
	subject_each_of(board, (uint32_t)(target - board_target(board, 0)), put_timeline, &view);
	json_out_array_end(&out);
	api_answer_json(answer, 200, &out);
}
