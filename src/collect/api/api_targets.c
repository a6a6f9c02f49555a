/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_targets.h"

#include <stdlib.h>
#include <string.h>

#include "collect/board/cut_off.h"
#include "collect/board/said.h"

#define PREFIX "/v1/targets/"

struct view {
	const struct collector *collector;
	const struct board *board;
	int64_t now_ns;
	struct json_out *out;
	bool *lacking; /* by number of the network: see find_lacking(); all false at first */
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

static bool watches(const struct view *view, uint32_t target, uint32_t vantage)
{
	const struct board *board = view->board;
	uint32_t n = board_target(board, target)->networks;

	for (; n > 0; n = board_network(board, n - 1)->next)
		for (uint32_t b = board_network(board, n - 1)->first; b > 0;
		     b = board_block(board, b - 1)->next)
			if (board_view(board_block(board, b - 1), vantage))
				return true;
	return false;
}

static void put_vantages(const struct view *view, uint32_t target)
{
	const struct fleet *fleet = &view->collector->fleet;

	json_out_key(view->out, "vantages");
	json_out_array(view->out);
	for (uint32_t n = 0; n < view->board->vantage_count; n++) {
		if (view->board->vantages[n].former || !watches(view, target, n))
			continue;
		json_out_object(view->out);
		json_out_key(view->out, "name");
		json_out_string(view->out, fleet->list[n].name);
		json_out_key(view->out, "verdict");
		json_out_string(view->out,
				bw_verdict_name(said_sum(view->board, target, n, view->now_ns)));
		json_out_key(view->out, "fresh");
		json_out_bool(view->out,
			      heard_can_tell(&view->board->vantages[n].heard, view->now_ns));
		json_out_key(view->out, "island");
		json_out_bool(view->out, cut_off_is_island(view->board, n, view->now_ns));
		json_out_object_end(view->out);
	}
	json_out_array_end(view->out);
	json_out_key(view->out, "quorum");
	json_out_uint(view->out, view->board->quorum);
}

static void put_target(const struct view *view, uint32_t number)
{
	const struct board_target *target = board_target(view->board, number);

	json_out_key(view->out, "target");
	json_out_string(view->out, target->name);
	json_out_key(view->out, "title");
	json_out_string(view->out, target->title);
	put_verdict(view, &target->merged);
	put_sums(view, number);
	put_vantages(view, number);
}

static void put_subject(const struct view *view, enum bw_scope scope, const char *subject,
			const struct timeline *timeline)
{
	json_out_object(view->out);
	json_out_key(view->out, "scope");
	json_out_string(view->out, bw_scope_name(scope));
	json_out_key(view->out, "subject");
	json_out_string(view->out, subject);
	put_verdict(view, timeline);
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

/* What follows of a target or a network: only a block has conditions. LACKING: a block in it lacks
 * the quorum. */
static void put_rest_of_sum(const struct view *view, const struct timeline *timeline, bool lacking)
{
	const enum bw_verdict verdict = timeline_verdict(current(timeline, view->now_ns));

	json_out_key(view->out, "conditions");
	json_out_array(view->out);
	json_out_array_end(view->out);
	put_reasons(view, lacking && verdict == BW_UNKNOWN);
	json_out_key(view->out, "seen_from");
	json_out_array(view->out);
	json_out_array_end(view->out);
	json_out_object_end(view->out);
}

/* Notes the networks in which a block lacks the quorum. Returns whether any does. */
static bool find_lacking(const struct view *view, uint32_t target)
{
	bool any = false;

	for (uint32_t n = 0; n < view->board->blocks.count; n++) {
		const struct board_block *block = board_block(view->board, n);
		const struct interval *interval =
			block->target == target ? current(&block->merged, view->now_ns) : NULL;

		if (interval && interval->lacks_quorum)
			any = view->lacking[block->network] = true;
	}
	return any;
}

static void put_sum_subjects(const struct view *view, uint32_t target)
{
	const struct board *board = view->board;
	const struct timeline *merged = &board_target(board, target)->merged;
	char text[BW_PREFIX_TEXT];

	put_subject(view, BW_SCOPE_TARGET, board_target(board, target)->name, merged);
	put_rest_of_sum(view, merged, find_lacking(view, target));
	for (uint32_t n = 0; n < board->networks.count; n++) {
		const struct board_network *network = board_network(board, n);

		if (network->target != target)
			continue;
		put_subject(view, BW_SCOPE_NETWORK, bw_prefix_format(&network->prefix, text),
			    &network->merged);
		put_rest_of_sum(view, &network->merged, view->lacking[n]);
	}
}

static void put_block_subjects(const struct view *view, uint32_t target)
{
	char text[BW_PREFIX_TEXT];

	for (uint32_t n = 0; n < view->board->blocks.count; n++) {
		const struct board_block *block = board_block(view->board, n);

		if (block->target != target)
			continue;
		put_subject(view, BW_SCOPE_BLOCK, bw_prefix_format(&block->prefix, text),
			    &block->merged);
		put_conditions(view, block);
		put_seen_from(view, block);
		json_out_object_end(view->out);
	}
}

static void list_targets(const struct view *view)
{
	json_out_array(view->out);
	for (uint32_t n = 0; n < view->board->targets.count; n++) {
		json_out_object(view->out);
		put_target(view, n);
		json_out_object_end(view->out);
	}
	json_out_array_end(view->out);
}

static void show_target(const struct view *view, const struct board_target *target)
{
	const uint32_t number = (uint32_t)(target - board_target(view->board, 0));

	json_out_object(view->out);
	put_target(view, number);
	json_out_key(view->out, "subjects");
	json_out_array(view->out);
	put_sum_subjects(view, number);
	put_block_subjects(view, number);
	json_out_array_end(view->out);
	json_out_object_end(view->out);
}

/* TARGET NULL: all of them. */
static void answer_with(const struct collector *collector, const struct board_target *target,
			struct bw_wall now, struct api_answer *answer)
{
	const struct board *board = &collector->board;
	struct json_out out;
	const struct view view = {collector, board, now.ns, &out,
				  calloc(board->networks.count + 1, sizeof(*view.lacking))};

	if (view.lacking) {
		json_out_init_heap(&out, false);
		if (target)
			show_target(&view, target);
		else
			list_targets(&view);
		api_answer_json(answer, 200, &out);
	} else {
		api_answer_error(answer, 503, "out of memory");
	}
	free(view.lacking);
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
