/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/board/cut_off.h"
#include "collect/board/said.h"
#include "collect/board/subject.h"

#define PREFIX "/v1/targets/"

struct view {
	const struct collector *collector;
	const struct board *board;
	int64_t now_ns;
	struct json_out *out;
};

static const struct interval *current(const struct timeline *timeline, int64_t now_ns)
{
	return timeline_at(timeline, now_ns);
}

static void put_verdict(const struct view *view, const struct timeline *timeline)
{
	const struct interval *interval = current(timeline, view->now_ns);

	json_out_key(view->out, "verdict");
	json_out_string(view->out, bw_verdict_name(timeline_verdict(interval)));
	json_out_key(view->out, "since");
	json_out_time(view->out, (struct bw_wall){interval ? interval->from_ns : 0});
}

static void put_counts(struct json_out *out, const char *key, const uint32_t *of, bool parts)
{
	uint32_t total = 0;

	for (int n = 0; n < BW_VERDICTS; n++)
		total += of[n];
	json_out_key(out, key);
	json_out_object(out);
	json_out_key(out, "total");
	json_out_uint(out, total);
	for (int n = 0; n < BW_VERDICTS; n++) {
		if (n == BW_PARTLY_DARK && !parts)
			continue;
		json_out_key(out, n == BW_PARTLY_DARK ? "partly_dark"
						      : bw_verdict_name((enum bw_verdict)n));
		json_out_uint(out, of[n]);
	}
	json_out_object_end(out);
}

static void put_sums(const struct view *view, uint32_t target)
{
	const struct board *board = view->board;
	uint32_t networks[BW_VERDICTS] = {0}, blocks[BW_VERDICTS] = {0};

	for (uint32_t n = board_target(board, target)->networks; n > 0;) {
		const struct board_network *network = board_network(board, n - 1);

		n = network->next;
		if (network->blocks > 0)
			networks[timeline_verdict(current(&network->merged, view->now_ns))]++;
		for (uint32_t b = network->first; b > 0; b = board_block(board, b - 1)->next)
			blocks[timeline_verdict(
				current(&board_block(board, b - 1)->merged, view->now_ns))]++;
	}
	put_counts(view->out, "networks", networks, true);
	put_counts(view->out, "blocks", blocks, false);
}

static void put_vantage(const struct view *view, uint32_t number, const struct said *said)
{
	json_out_object(view->out);
	json_out_key(view->out, "name");
	json_out_string(view->out, view->collector->fleet.list[number].name);
	json_out_key(view->out, "verdict");
	json_out_string(view->out, bw_verdict_name(said->verdict));
	json_out_key(view->out, "fresh");
	json_out_bool(view->out,
		      heard_can_tell(&view->board->vantages[number].heard, view->now_ns));
	json_out_key(view->out, "island");
	json_out_bool(view->out, cut_off_is_island(view->board, number, view->now_ns));
	json_out_object_end(view->out);
}

/* Those that watch the target. Returns 0 or -ENOMEM. */
static int put_vantages(const struct view *view, uint32_t target)
{
	const struct board *board = view->board;
	struct said *list = calloc(BOARD_VANTAGES_MAX, sizeof(*list));
	const int result = list ? said_by_all(board, target, view->now_ns, list) : -ENOMEM;

	json_out_key(view->out, "vantages");
	json_out_array(view->out);
	for (uint32_t n = 0; n < board->vantage_count && result == 0; n++)
		if (!board->vantages[n].former && list[n].total > 0)
			put_vantage(view, n, &list[n]);
	json_out_array_end(view->out);
	json_out_key(view->out, "quorum");
	json_out_uint(view->out, board->quorum);
	free(list);
	return result;
}

/* Returns 0 or -ENOMEM. */
static int put_target(const struct view *view, uint32_t number)
{
	const struct board_target *target = board_target(view->board, number);

	json_out_key(view->out, "target");
	json_out_string(view->out, target->name);
	json_out_key(view->out, "title");
	json_out_string(view->out, target->title);
	put_verdict(view, &target->merged);
	put_sums(view, number);
	return put_vantages(view, number);
}

static void put_reasons(const struct view *view, bool lacks_quorum)
{
	json_out_key(view->out, "reasons");
	json_out_array(view->out);
	if (lacks_quorum)
		json_out_string(view->out, "quorum");
	json_out_array_end(view->out);
}

static void put_conditions(const struct view *view, const struct board_block *block)
{
	const struct interval *interval = current(&block->merged, view->now_ns);
	unsigned conditions = 0;

	for (uint32_t n = 0; n < block->views.count; n++)
		conditions |= ((struct board_view *)array_at(&block->views, n))->conditions;
	json_out_key(view->out, "conditions");
	json_out_array(view->out);
	for (unsigned n = 0; n < BW_CONDITIONS; n++)
		if (conditions & (1U << n))
			json_out_string(view->out, bw_condition_name(n));
	if (interval && interval->seen_from)
		json_out_string(view->out, "seen-from");
	json_out_array_end(view->out);
	put_reasons(view, interval && interval->lacks_quorum);
}

/* Who says what of a block. */
static void put_seen_from(const struct view *view, const struct board_block *block)
{
	json_out_key(view->out, "seen_from");
	json_out_array(view->out);
	for (uint32_t n = 0; n < block->views.count; n++) {
		const struct board_view *seen = array_at(&block->views, n);
		const struct change *change = claims_at(&seen->claims, view->now_ns);

		if (view->board->vantages[seen->vantage].former)
			continue;
		json_out_object(view->out);
		json_out_key(view->out, "vantage");
		json_out_string(view->out, view->collector->fleet.list[seen->vantage].name);
		json_out_key(view->out, "verdict");
		json_out_string(view->out, bw_verdict_name(change ? (enum bw_verdict)change->verdict
								  : BW_UNKNOWN));
		json_out_key(view->out, "fresh");
		json_out_bool(view->out, heard_can_tell(&view->board->vantages[seen->vantage].heard,
							view->now_ns));
		json_out_object_end(view->out);
	}
	json_out_array_end(view->out);
}

static bool is_lacking(const struct view *view, const struct board_block *block)
{
	const struct interval *interval = current(&block->merged, view->now_ns);

	return interval && interval->lacks_quorum;
}

static bool network_lacks(const struct view *view, const struct bw_prefix *prefix,
			  const char *target)
{
	const struct board *board = view->board;
	const struct board_network *network = board_find_network(board, target, prefix);

	for (uint32_t n = network ? network->first : 0; n > 0; n = board_block(board, n - 1)->next)
		if (is_lacking(view, board_block(board, n - 1)))
			return true;
	return false;
}

static bool target_lacks(const struct view *view, uint32_t target)
{
	const struct board *board = view->board;

	for (uint32_t n = board_first_block(board, target); n > 0; n = board_next_block(board, n))
		if (is_lacking(view, board_block(board, n - 1)))
			return true;
	return false;
}

/* A target or a network that is unknown is so for want of the quorum if a block in it is. */
static bool sum_lacks(const struct view *view, const struct subject *subject)
{
	if (timeline_verdict(current(subject->merged, view->now_ns)) != BW_UNKNOWN)
		return false;
	if (subject->scope == BW_SCOPE_TARGET)
		return target_lacks(view, subject->target);
	return network_lacks(view, subject->prefix,
			     board_target(view->board, subject->target)->name);
}

/* Only a block has conditions. */
static void put_rest_of_sum(const struct view *view, const struct subject *subject)
{
	json_out_key(view->out, "conditions");
	json_out_array(view->out);
	json_out_array_end(view->out);
	put_reasons(view, sum_lacks(view, subject));
	json_out_key(view->out, "seen_from");
	json_out_array(view->out);
	json_out_array_end(view->out);
}

static int put_subject(void *arg, const struct subject *subject)
{
	const struct view *view = arg;
	char text[SUBJECT_TEXT];

	json_out_object(view->out);
	json_out_key(view->out, "scope");
	json_out_string(view->out, bw_scope_name(subject->scope));
	json_out_key(view->out, "subject");
	json_out_string(view->out, subject_format(view->board, subject, text));
	put_verdict(view, subject->merged);
	if (subject->block) {
		put_conditions(view, subject->block);
		put_seen_from(view, subject->block);
	} else {
		put_rest_of_sum(view, subject);
	}
	json_out_object_end(view->out);
	return 0;
}

/* Returns 0 or -ENOMEM. */
static int list_targets(const struct view *view)
{
	uint32_t *numbers = subject_targets(view->board);
	int result = numbers ? 0 : -ENOMEM;

	json_out_array(view->out);
	for (uint32_t n = 0; n < view->board->targets.count && result == 0; n++) {
		json_out_object(view->out);
		result = put_target(view, numbers[n]);
		json_out_object_end(view->out);
	}
	json_out_array_end(view->out);
	free(numbers);
	return result;
}

/* Returns 0 or -ENOMEM. */
static int show_target(struct view *view, const struct board_target *target)
{
	const uint32_t number = (uint32_t)(target - board_target(view->board, 0));
	int result;

	json_out_object(view->out);
	result = put_target(view, number);
	json_out_key(view->out, "subjects");
	json_out_array(view->out);
	if (result == 0)
		result = subject_each_of(view->board, number, put_subject, view);
	json_out_array_end(view->out);
	json_out_object_end(view->out);
	return result < 0 ? result : 0;
}

/* TARGET NULL: all of them. */
static void answer_with(const struct collector *collector, const struct board_target *target,
			struct bw_wall now, struct api_answer *answer)
{
	struct json_out out;
	struct view view = {collector, &collector->board, now.ns, &out};
	int result;

	json_out_init_heap(&out, false);
	result = target ? show_target(&view, target) : list_targets(&view);
	api_answer_json(answer, 200, &out);
	if (result < 0)
		api_answer_failure(answer, result);
}

void api_list_targets(struct collector *collector, const struct api_request *request,
		      struct bw_wall now, struct api_answer *answer)
{
	(void)request;
	answer_with(collector, NULL, now, answer);
}

void api_show_target(struct collector *collector, const struct api_request *request,
		     struct bw_wall now, struct api_answer *answer)
{
	const struct board_target *target =
		board_find_target(&collector->board, request->path + strlen(PREFIX));

	if (target)
		answer_with(collector, target, now, answer);
	else
		api_answer_error(answer, 404, "no vantage has told of such a target");
}
