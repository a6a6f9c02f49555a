/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_timeline.h"

#include <stdlib.h>
#include <string.h>

#include "collect/api/api_time.h"

#define PREFIX "/v1/targets/"
#define SUFFIX "/timeline"
#define NAME_MAX_LENGTH 255
#define DEFAULT_NS (86400 * BW_S)

struct view {
	int64_t from_ns, until_ns;
	struct json_out *out;
};

struct subject {
	enum bw_scope scope;
	const char *name;
};

static void put_interval(const struct view *view, const struct subject *subject,
			 const struct interval *interval, int64_t start_ns, int64_t end_ns)
{
	json_out_object(view->out);
	json_out_key(view->out, "scope");
	json_out_string(view->out, bw_scope_name(subject->scope));
	json_out_key(view->out, "subject");
	json_out_string(view->out, subject->name);
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

/* From the interval that holds at its beginning to the one that holds at its end: no gap. */
static void put_timeline(const struct view *view, const struct subject *subject,
			 const struct timeline *timeline)
{
	uint32_t next = timeline_after(timeline, view->from_ns);
	int64_t start = view->from_ns;

	while (start < view->until_ns) {
		const struct interval *interval = next ? timeline_get(timeline, next - 1) : NULL;
		int64_t end = view->until_ns;

		if (next < timeline->intervals.count && timeline_get(timeline, next)->from_ns < end)
			end = timeline_get(timeline, next)->from_ns;
		put_interval(view, subject, interval, start, end);
		start = end;
		next++;
	}
}

static void put_all(const struct view *view, const struct board *board, uint32_t target)
{
	char text[BW_PREFIX_TEXT];

	put_timeline(view, &(struct subject){BW_SCOPE_TARGET, board_target(board, target)->name},
		     &board_target(board, target)->merged);
	for (uint32_t n = 0; n < board->networks.count; n++) {
		const struct board_network *network = board_network(board, n);

		if (network->target == target)
			put_timeline(view,
				     &(struct subject){BW_SCOPE_NETWORK,
						       bw_prefix_format(&network->prefix, text)},
				     &network->merged);
	}
	for (uint32_t n = 0; n < board->blocks.count; n++) {
		const struct board_block *block = board_block(board, n);

		if (block->target == target)
			put_timeline(view,
				     &(struct subject){BW_SCOPE_BLOCK,
						       bw_prefix_format(&block->prefix, text)},
				     &block->merged);
	}
}

static const struct board_target *find_target(const struct board *board, const char *path)
{
	const char *name = path + strlen(PREFIX);
	const size_t length = strlen(name) - strlen(SUFFIX);
	char copy[NAME_MAX_LENGTH + 1];

	if (length == 0 || length > NAME_MAX_LENGTH)
		return NULL;
	memcpy(copy, name, length);
	copy[length] = '\0';
	return board_find_target(board, copy);
}

void api_timeline(struct collector *collector, const struct api_request *request,
		  struct bw_wall now, struct api_answer *answer)
{
	const struct board *board = &collector->board;
	const struct board_target *target = find_target(board, request->path);
	struct json_out out;
	struct view view = {.out = &out};

	if (!target) {
		api_answer_error(answer, 404, "no vantage has told of such a target");
		return;
	}
	if (api_time_span(request, now.ns, DEFAULT_NS, &view.from_ns, &view.until_ns, answer) < 0)
		return;
	json_out_init_heap(&out, false);
	json_out_array(&out);
	put_all(&view, board, (uint32_t)(target - board_target(board, 0)));
	json_out_array_end(&out);
	api_answer_json(answer, 200, &out);
}
