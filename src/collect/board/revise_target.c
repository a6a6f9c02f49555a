/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/revise_target.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/board/moments.h"
#include "infer/group.h"

#define ALL_NETWORKS UINT32_MAX

/* What a group was told of one of its blocks. */
struct told {
	uint8_t verdict;
	unsigned reasons;
};

struct sweep {
	const struct board *board;
	uint32_t target;
	struct group *networks; /* by number */
	struct group whole;
	struct told *told; /* of each block */
};

/* The last verdict before this interval that was none of unknown; BW_UNKNOWN: there was none. */
static enum bw_verdict last_known(const struct timeline *timeline, int64_t t_ns)
{
	for (uint32_t n = timeline_after(timeline, t_ns); n > 0; n--)
		if (timeline_get(timeline, n - 1)->verdict != BW_UNKNOWN)
			return (enum bw_verdict)timeline_get(timeline, n - 1)->verdict;
	return BW_UNKNOWN;
}

/* A block that was never anything but unknown is left out of the sums. */
static struct told tell(const struct board_block *block, int64_t t_ns)
{
	const enum bw_verdict verdict = timeline_verdict(timeline_at(&block->merged, t_ns));
	struct told told = {.verdict = (uint8_t)verdict};

	if (verdict != BW_UNKNOWN)
		return told;
	switch (last_known(&block->merged, t_ns)) {
	case BW_UNKNOWN:
		told.reasons = BW_WHY_NEVER_SEEN;
		break;
	case BW_DARK:
		told.reasons = BW_WHY_FEW_EVIDENCE | GROUP_WAS_DARK;
		break;
	case BW_UP:
	case BW_FLAPPING:
	case BW_PARTLY_DARK:
		told.reasons = BW_WHY_FEW_EVIDENCE;
		break;
	}
	return told;
}

static void add_block(struct sweep *sweep, uint32_t number, int64_t t_ns)
{
	const struct board_block *block = board_block(sweep->board, number);

	sweep->told[number] = tell(block, t_ns);
	group_add(&sweep->networks[block->network], (enum bw_verdict)sweep->told[number].verdict,
		  sweep->told[number].reasons);
}

static void change_block(struct sweep *sweep, uint32_t number, int64_t t_ns)
{
	const struct board_block *block = board_block(sweep->board, number);
	struct group *network = &sweep->networks[block->network];

	group_remove_group(&sweep->whole, network);
	group_remove(network, (enum bw_verdict)sweep->told[number].verdict,
		     sweep->told[number].reasons);
	add_block(sweep, number, t_ns);
	group_add_group(&sweep->whole, network);
}

/* Two bounds on when the verdict before was last certain: of the last block that went dark, of the
 * first that came back. */
struct bounds {
	int64_t latest_ns, first_ns;
};

static struct bounds bounds_of(const struct sweep *sweep, const struct moments *moments, uint32_t n,
			       uint32_t next, uint32_t network)
{
	const int64_t t = moments_get(moments, n)->t_ns;
	struct bounds bounds = {INT64_MIN, t};

	for (; n < next; n++) {
		const struct board_block *block =
			board_block(sweep->board, moments_get(moments, n)->block);
		const struct interval *interval = timeline_at(&block->merged, t);
		const int64_t earliest = interval ? interval->earliest_ns : t;

		if (network != ALL_NETWORKS && block->network != network)
			continue;
		bounds.latest_ns = earliest > bounds.latest_ns ? earliest : bounds.latest_ns;
		bounds.first_ns = earliest < bounds.first_ns ? earliest : bounds.first_ns;
	}
	return bounds;
}

static int note(struct timeline *timeline, const struct group *group, int64_t t_ns,
		const struct bounds *bounds)
{
	const enum bw_verdict verdict = group_verdict(group);
	const bool darker = verdict == BW_DARK || verdict == BW_PARTLY_DARK;
	const int64_t earliest = darker ? bounds->latest_ns : bounds->first_ns;
	const struct interval interval = {
		.from_ns = t_ns,
		.decided_ns = t_ns,
		.earliest_ns = earliest < t_ns ? earliest : t_ns,
		.verdict = (uint8_t)verdict,
	};

	return timeline_add(timeline, &interval);
}

/* All blocks of the moments from N until NEXT have changed at once. */
static int note_changes(struct sweep *sweep, const struct moments *moments, uint32_t n,
			uint32_t next)
{
	const struct board *board = sweep->board;
	const int64_t t = moments_get(moments, n)->t_ns;
	const struct bounds all = bounds_of(sweep, moments, n, next, ALL_NETWORKS);
	int result = 0;

	for (uint32_t i = n; i < next && result == 0; i++) {
		const uint32_t network =
			board_block(board, moments_get(moments, i)->block)->network;
		struct timeline *merged = &board_network(board, network)->merged;
		struct bounds bounds;

		if (timeline_verdict(timeline_at(merged, t)) ==
		    group_verdict(&sweep->networks[network]))
			continue;
		bounds = bounds_of(sweep, moments, n, next, network);
		result = note(merged, &sweep->networks[network], t, &bounds);
	}
	return result < 0
		       ? result
		       : note(&board_target(board, sweep->target)->merged, &sweep->whole, t, &all);
}

/* Everything as it stood before, which has not changed. */
static void begin(struct sweep *sweep, struct moments *moments)
{
	const struct board *board = sweep->board;
	const int64_t before = moments->from_ns;

	for (uint32_t n = 0; n < board->blocks.count; n++) {
		if (board_block(board, n)->target != sweep->target)
			continue;
		add_block(sweep, n, before);
		moments_add_timeline(moments, &board_block(board, n)->merged, n);
	}
	for (uint32_t n = 0; n < board->networks.count; n++) {
		if (board_network(board, n)->target != sweep->target)
			continue;
		group_add_group(&sweep->whole, &sweep->networks[n]);
		timeline_cut(&board_network(board, n)->merged, before + 1);
	}
	timeline_cut(&board_target(board, sweep->target)->merged, before + 1);
}

/* All blocks that change at one moment change together. */
static int run(struct sweep *sweep, const struct moments *moments)
{
	const uint32_t count = moments->list.count;
	int result = 0;

	for (uint32_t n = 0, next = 0; n < count && result == 0; n = next) {
		const int64_t t = moments_get(moments, n)->t_ns;

		for (next = n; next < count && moments_get(moments, next)->t_ns == t; next++)
			change_block(sweep, moments_get(moments, next)->block, t);
		result = note_changes(sweep, moments, n, next);
	}
	return result;
}

int revise_target(const struct board *board, uint32_t target, int64_t t_ns, int64_t now_ns)
{
	struct sweep sweep = {
		.board = board,
		.target = target,
		.networks = calloc(board->networks.count + 1, sizeof(struct group)),
		.told = calloc(board->blocks.count + 1, sizeof(struct told)),
	};
	struct moments moments;
	int result = sweep.networks && sweep.told ? 0 : -ENOMEM;

	moments_init(&moments, t_ns - 1, now_ns);
	if (result == 0) {
		begin(&sweep, &moments);
		result = moments_sort(&moments);
	}
	if (result == 0)
		result = run(&sweep, &moments);
	moments_fini(&moments);
	free(sweep.networks);
	free(sweep.told);
	return result;
}
