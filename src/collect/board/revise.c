/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/revise.h"

#include "collect/board/board_vantage.h"
#include "collect/board/cut_off.h"
#include "collect/board/revise_block.h"
#include "collect/board/revise_target.h"

/* What has become old since the last time, although nobody has said anything. */
static void mark_passed(struct board *board, int64_t now_ns)
{
	for (uint32_t n = 0; n < board->vantage_count; n++) {
		const int64_t silent =
			heard_end_after(&board->vantages[n].heard, board->until_ns);

		/* It may have been heard of again since, too. */
		if (silent <= now_ns)
			board_mark_vantage(board, n, silent);
	}
	for (uint32_t n = 0; n < board->blocks.count; n++)
		if (board_block(board, n)->wake_ns <= now_ns)
			board_mark(&board_block(board, n)->dirty_ns,
				   board_block(board, n)->wake_ns);
}

/* The time from which on two timelines differ; INT64_MAX: they are the same. */
static int64_t first_difference(const struct timeline *a, const struct timeline *b, int64_t from_ns)
{
	uint32_t n = timeline_after(a, from_ns - 1), m = timeline_after(b, from_ns - 1);

	for (;; n++, m++) {
		const struct interval *x = n < a->intervals.count ? timeline_get(a, n) : NULL;
		const struct interval *y = m < b->intervals.count ? timeline_get(b, m) : NULL;

		if (!x && !y)
			return INT64_MAX;
		if (!x || !y)
			return x ? x->from_ns : y->from_ns;
		if (x->from_ns != y->from_ns)
			return x->from_ns < y->from_ns ? x->from_ns : y->from_ns;
		if (x->verdict != y->verdict || x->earliest_ns != y->earliest_ns)
			return x->from_ns;
	}
}

static int copy(const struct timeline *from, struct timeline *to)
{
	int result = 0;

	timeline_init(to);
	for (uint32_t n = 0; n < from->intervals.count && result >= 0; n++)
		result = array_add(&to->intervals, timeline_get(from, n));
	return result < 0 ? result : 0;
}

static int revise_vantage(struct board *board, uint32_t number, int64_t now_ns)
{
	struct board_vantage *vantage = &board->vantages[number];
	const int64_t from = vantage->dirty_ns;
	struct timeline before;
	int64_t changed;
	int result;

	if (from > now_ns)
		return 0;
	result = copy(&vantage->cut_off, &before);
	if (result == 0)
		result = cut_off_revise(board, number, from, now_ns);
	changed = first_difference(&before, &vantage->cut_off, from);
	timeline_fini(&before);
	if (changed != INT64_MAX)
		board_mark_blocks(board, number, changed);
	vantage->dirty_ns = INT64_MAX;
	return result;
}

static int revise_blocks(struct board *board, int64_t now_ns)
{
	int result = 0;

	for (uint32_t n = 0; n < board->blocks.count && result == 0; n++) {
		struct board_block *block = board_block(board, n);
		struct timeline before;
		int64_t from = block->dirty_ns;

		if (from > now_ns)
			continue;
		result = copy(&block->merged, &before);
		if (result == 0)
			result = revise_block(board, block, from, now_ns);
		from = first_difference(&before, &block->merged, INT64_MIN + 1);
		timeline_fini(&before);
		board_mark(&board_target(board, block->target)->dirty_ns, from);
	}
	return result;
}

static int revise_targets(struct board *board, int64_t now_ns)
{
	int result = 0;

	for (uint32_t n = 0; n < board->targets.count && result == 0; n++) {
		struct board_target *target = board_target(board, n);

		if (target->dirty_ns > now_ns)
			continue;
		result = revise_target(board, n, target->dirty_ns, now_ns);
		target->dirty_ns = INT64_MAX;
	}
	return result;
}

int revise(struct board *board, int64_t now_ns)
{
	int result = 0;

	mark_passed(board, now_ns);
	for (uint32_t n = 0; n < board->vantage_count && result == 0; n++)
		result = revise_vantage(board, n, now_ns);
	if (result == 0)
		result = revise_blocks(board, now_ns);
	if (result == 0)
		result = revise_targets(board, now_ns);
	board->until_ns = now_ns;
	return result;
}

int64_t revise_deadline(const struct board *board)
{
	int64_t next = INT64_MAX;

	for (uint32_t n = 0; n < board->vantage_count; n++) {
		const int64_t silent =
			heard_end_after(&board->vantages[n].heard, board->until_ns);

		if (silent < next)
			next = silent;
	}
	for (uint32_t n = 0; n < board->blocks.count; n++)
		if (board_block(board, n)->wake_ns < next)
			next = board_block(board, n)->wake_ns;
	return next;
}
