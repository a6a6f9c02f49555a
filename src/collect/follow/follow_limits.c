/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_limits.h"

#include <string.h>

static const char *check_block(const struct board *board, uint32_t number, const char *target,
			       const struct bw_prefix *prefix)
{
	const struct board_vantage *vantage = &board->vantages[number];
	const struct board_block *block;
	const struct board_view *view;

	if (vantage->claims < FOLLOW_BUSY && vantage->blocks < FOLLOW_BLOCKS_MAX &&
	    board->targets.count < FOLLOW_TARGETS_MAX && board->blocks.count < BOARD_BLOCKS_MAX)
		return NULL;
	block = board_find_block(board, target, prefix);
	view = block ? board_view(block, number) : NULL;
	if (!view && vantage->blocks >= FOLLOW_BLOCKS_MAX)
		return "block: this vantage has sent records of 100000 others: too many";
	if (vantage->claims >= FOLLOW_CLAIMS_MAX)
		return "since: this vantage has told of 5000000 changes: too many";
	if (view && view->claims.said.count >= FOLLOW_CHANGES_MAX)
		return "since: this vantage has told of 20000 changes of this block: too many";
	if (!block && board->blocks.count >= BOARD_BLOCKS_MAX)
		return "block: there are 1000000 others: too many";
	if (!board_find_target(board, target) && board->targets.count >= FOLLOW_TARGETS_MAX)
		return "target: there are 10000 others: too many";
	return NULL;
}

static const char *check_event(const struct board *board, uint32_t vantage,
			       const struct record_event *event)
{
	struct bw_prefix block;

	if (event->scope != BW_SCOPE_BLOCK || bw_prefix_parse(event->subject, &block, NULL) < 0)
		return NULL;
	return check_block(board, vantage, event->target, &block);
}

static const char *check_target(const struct board *board, const char *target)
{
	if (board->targets.count < FOLLOW_TARGETS_MAX || board_find_target(board, target))
		return NULL;
	return "target: there are 10000 others: too many";
}

/* The target that a record is about; NULL: none. */
static const char *target_of(const struct record *record)
{
	switch (record->type) {
	case RECORD_BLOCK:
		return record->block.target;
	case RECORD_EVENT:
		return record->event.target;
	case RECORD_TARGET:
		return record->target.target;
	case RECORD_CONDITION:
		return record->condition.target;
	case RECORD_TRACE:
		return record->trace.target;
	case RECORD_VANTAGE:
	case RECORD_PROBE:
	case RECORD_SURVEY:
		break;
	}
	return NULL;
}

const char *follow_limits_check(const struct follow *follow, uint32_t number,
				const struct record *record)
{
	const struct board *board = follow->board;
	const struct heard *heard = &board->vantages[number].heard;
	const char *target = target_of(record);

	if (target && strlen(target) > FOLLOW_NAME_MAX)
		return "target: is longer than 255 bytes";
	if (heard->spans.count >= FOLLOW_SPANS_MAX)
		return "time: this vantage was silent in between 200000 times: too often";
	switch (record->type) {
	case RECORD_BLOCK:
		return check_block(board, number, record->block.target, &record->block.block);
	case RECORD_EVENT:
		return check_event(board, number, &record->event);
	case RECORD_TARGET:
		return check_target(board, record->target.target);
	case RECORD_VANTAGE:
		return heard->states.count < FOLLOW_HEALTH_MAX
			       ? NULL
			       : "time: 200000 others of this vantage are kept: too many";
	case RECORD_PROBE:
	case RECORD_SURVEY:
	case RECORD_TRACE:
	case RECORD_CONDITION:
		break;
	}
	return NULL;
}
