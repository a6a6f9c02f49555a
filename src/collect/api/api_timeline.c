/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_timeline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect/api/api_list.h"
#include "collect/api/api_page.h"
#include "collect/api/api_target_name.h"
#include "collect/api/api_time.h"
#include "collect/api/api_timeline_cursor.h"
#include "collect/board/subject.h"

#define DEFAULT_NS (86400 * BW_S)
#define STEP 200       /* intervals that are written at once */
#define SHORT_MAX 2000 /* so many are an answer that is made at once */
#define LIMIT_MAX 2000 /* of what is asked for with "limit" */

struct place {
	enum bw_scope scope;
	uint32_t number;
};

/*
 * A walk over the subjects of a target, and over the intervals of each. Its place is a time: what
 * is merged meanwhile neither opens a gap nor makes two intervals overlap.
 */
struct walk {
	const struct board *board;
	uint32_t filled;     /* the board was filled so often */
	struct array places; /* struct place of each subject, in order */
	uint32_t next;       /* the subject that is walked over */
	int64_t start_ns;    /* where its next interval begins */
	int64_t from_ns, until_ns;
};

static void put_interval(const struct walk *walk, const struct subject *subject,
			 const struct interval *interval, int64_t end_ns, struct json_out *out)
{
	char text[SUBJECT_TEXT];

	json_out_object(out);
	json_out_key(out, "scope");
	json_out_string(out, bw_scope_name(subject->scope));
	json_out_key(out, "subject");
	json_out_string(out, subject_format(walk->board, subject, text));
	json_out_key(out, "verdict");
	json_out_string(out, bw_verdict_name(timeline_verdict(interval)));
	json_out_key(out, "conditions");
	json_out_array(out);
	if (interval && interval->seen_from)
		json_out_string(out, "seen-from");
	json_out_array_end(out);
	api_time_put(out, "start", walk->start_ns);
	api_time_put(out, "end", end_ns);
	json_out_object_end(out);
}

/* Whether an answer would say the same of both; NULL: nothing was said. */
static bool looks_like(const struct interval *a, const struct interval *b)
{
	return timeline_verdict(a) == timeline_verdict(b) &&
	       (a && a->seen_from) == (b && b->seen_from);
}

/* Where the time ends in which the timeline says the same as at T. */
static int64_t end_of(const struct walk *walk, const struct timeline *timeline, int64_t t_ns)
{
	uint32_t n = timeline_after(timeline, t_ns);
	const struct interval *first = n ? timeline_get(timeline, n - 1) : NULL;

	while (n < timeline->intervals.count && looks_like(first, timeline_get(timeline, n)))
		n++;
	if (n < timeline->intervals.count && timeline_get(timeline, n)->from_ns < walk->until_ns)
		return timeline_get(timeline, n)->from_ns;
	return walk->until_ns;
}

static struct subject subject_at(const struct walk *walk, uint32_t n)
{
	const struct place *place = array_at(&walk->places, n);

	return subject_get(walk->board, place->scope, place->number);
}

static bool is_over(const struct walk *walk)
{
	return walk->next >= walk->places.count;
}

/* Writes the next interval. */
static void step_once(struct walk *walk, struct json_out *out)
{
	const struct subject subject = subject_at(walk, walk->next);
	const int64_t end_ns = end_of(walk, subject.merged, walk->start_ns);

	if (walk->start_ns < walk->until_ns)
		put_interval(walk, &subject, timeline_at(subject.merged, walk->start_ns), end_ns,
			     out);
	walk->start_ns = end_ns;
	if (end_ns < walk->until_ns)
		return;
	walk->next++;
	walk->start_ns = walk->from_ns;
}

static int step(void *self, struct json_out *out)
{
	struct walk *walk = self;

	for (int n = 0; n < STEP && !is_over(walk); n++) {
		if (walk->filled != walk->board->filled)
			return -EAGAIN; /* the numbers of subjects are others now */
		step_once(walk, out);
	}
	return !is_over(walk);
}

static void free_walk(void *self)
{
	struct walk *walk = self;

	array_fini(&walk->places);
	free(walk);
}

static const struct api_list_ops ops = {step, free_walk};

static int add_place(void *arg, const struct subject *subject)
{
	struct walk *walk = arg;
	const struct place place = {subject->scope, subject->number};

	return array_add(&walk->places, &place);
}

/* Intervals, or a few more. */
static uint64_t count_intervals(const struct walk *walk)
{
	uint64_t count = 0;

	for (uint32_t n = 0; n < walk->places.count; n++) {
		const struct timeline *timeline = subject_at(walk, n).merged;

		count += timeline_after(timeline, walk->until_ns) -
			 timeline_after(timeline, walk->from_ns) + 1;
	}
	return count;
}

/* To where a part before this one has ended. */
static void go_to(struct walk *walk, const struct api_timeline_cursor *cursor)
{
	int order = -1;

	while (!is_over(walk) && order < 0) {
		const struct subject subject = subject_at(walk, walk->next);

		order = subject_compare(&subject, &cursor->subject);
		walk->next += order < 0;
	}
	if (order != 0 || cursor->start_ns <= walk->from_ns)
		return;
	walk->start_ns = cursor->start_ns;
	if (walk->start_ns < walk->until_ns)
		return;
	walk->next++;
	walk->start_ns = walk->from_ns;
}

/* Where the next part begins, as a reference that is relative to the path. */
static void link_next(const struct walk *walk, uint64_t limit, struct api_answer *answer)
{
	const struct subject subject = subject_at(walk, walk->next);
	char text[API_TIMELINE_CURSOR_TEXT], from[BW_WALL_TEXT], until[BW_WALL_TEXT], value[256];

	api_timeline_cursor_format(walk->board, &subject, walk->start_ns, text);
	snprintf(value, sizeof(value),
		 "<timeline?from=%s&until=%s&limit=%" PRIu64 "&after=%s>; rel=\"next\"",
		 bw_wall_format((struct bw_wall){walk->from_ns}, from),
		 bw_wall_format((struct bw_wall){walk->until_ns}, until), limit, text);
	api_answer_field(answer, "Link", value);
}

static void answer_part(struct walk *walk, uint64_t limit, struct api_answer *answer)
{
	struct json_out out;

	json_out_init_heap(&out, false);
	json_out_array(&out);
	for (uint64_t n = 0; n < limit && !is_over(walk); n++)
		step_once(walk, &out);
	json_out_array_end(&out);
	api_answer_json(answer, 200, &out);
	if (!is_over(walk))
		link_next(walk, limit, answer);
	free_walk(walk);
}

/* The part that the query asks for, or all. Takes WALK over. */
static void answer_with(struct walk *walk, const struct api_request *request,
			struct api_answer *answer)
{
	const char *after = request->query(request->arg, "after");
	struct api_timeline_cursor cursor;
	uint64_t limit = 0;

	if (after && !api_timeline_cursor_parse(after, &cursor)) {
		api_answer_error(answer, 400, "after is what a link to the next part has");
		free_walk(walk);
		return;
	}
	if (after)
		go_to(walk, &cursor);
	if (!request->query(request->arg, "limit"))
		api_list_answer(answer, &ops, walk, count_intervals(walk) <= SHORT_MAX);
	else if (api_page_limit(request, LIMIT_MAX, &limit, answer))
		answer_part(walk, limit < LIMIT_MAX ? limit : LIMIT_MAX, answer);
	else
		free_walk(walk);
}

void api_timeline(struct collector *collector, const struct api_request *request,
		  struct bw_wall now, struct api_answer *answer)
{
	const struct board *board = &collector->board;
	const struct board_target *target = api_target_name_find(board, request->path, "/timeline");
	struct walk *walk;
	int64_t from, until;

	if (!target) {
		api_answer_error(answer, 404, "no vantage has told of such a target");
		return;
	}
	if (api_time_span(request, now.ns, DEFAULT_NS, &from, &until, answer) < 0)
		return;
	walk = calloc(1, sizeof(*walk));
	if (!walk) {
		api_answer_error(answer, 503, "out of memory");
		return;
	}
	*walk = (struct walk){
		.board = board,
		.filled = board->filled,
		.places = array_of(sizeof(struct place)),
	};
	walk->from_ns = walk->start_ns = from - from % BW_US;
	walk->until_ns = until - until % BW_US;
	if (subject_each_of(board, (uint32_t)(target - board_target(board, 0)), add_place, walk) >=
	    0) {
		answer_with(walk, request, answer);
		return;
	}
	free_walk(walk);
	api_answer_error(answer, 503, "out of memory");
}
