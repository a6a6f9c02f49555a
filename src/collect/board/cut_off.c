/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/cut_off.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/board/moments.h"

/* How one block looks to the vantage. */
enum sight {
	NOTHING, /* it cannot tell, or does not watch it */
	SEEN,
	MISSED,    /* dark to it */
	CONTESTED, /* dark to it, and somebody else gets answers */
	SIGHTS,
};

struct sweep {
	const struct board *board;
	uint32_t vantage;
	uint8_t *sights; /* enum sight of each block */
	uint32_t counts[SIGHTS];
};

static bool sees(const struct board *board, const struct board_view *view, int64_t t_ns)
{
	const struct change *change = claims_at(&view->claims, t_ns);

	return change && (change->verdict == BW_UP || change->verdict == BW_FLAPPING) &&
	       heard_can_tell(&board->vantages[view->vantage].heard, t_ns);
}

static bool is_seen_elsewhere(const struct sweep *sweep, const struct board_block *block,
			      int64_t t_ns)
{
	for (uint32_t n = 0; n < block->views.count; n++) {
		const struct board_view *view = array_at(&block->views, n);

		if (view->vantage != sweep->vantage && sees(sweep->board, view, t_ns))
			return true;
	}
	return false;
}

static enum sight look(const struct sweep *sweep, const struct board_block *block, int64_t t_ns)
{
	const struct board_view *view = board_view(block, sweep->vantage);
	const struct change *change = view ? claims_at(&view->claims, t_ns) : NULL;

	if (!change || change->verdict == BW_UNKNOWN)
		return NOTHING;
	if (change->verdict != BW_DARK)
		return SEEN;
	return is_seen_elsewhere(sweep, block, t_ns) ? CONTESTED : MISSED;
}

static void look_again(struct sweep *sweep, uint32_t number, int64_t t_ns)
{
	const enum sight sight = look(sweep, board_block(sweep->board, number), t_ns);

	sweep->counts[sweep->sights[number]]--;
	sweep->sights[number] = (uint8_t)sight;
	sweep->counts[sight]++;
}

static int note(const struct sweep *sweep, struct timeline *timeline, int64_t t_ns)
{
	const uint32_t dark = sweep->counts[MISSED] + sweep->counts[CONTESTED];
	const uint32_t known = dark + sweep->counts[SEEN];
	const bool cut_off = sweep->counts[CONTESTED] > 0 && dark >= CUT_OFF_SHARE * known;
	const struct interval interval = {
		.from_ns = t_ns,
		.decided_ns = t_ns,
		.earliest_ns = t_ns,
		.verdict = cut_off ? BW_DARK : BW_UP,
	};

	return timeline_add(timeline, &interval);
}

static void look_at(struct sweep *sweep, uint32_t block, int64_t t_ns)
{
	if (block != MOMENTS_ALL) {
		look_again(sweep, block, t_ns);
		return;
	}
	for (uint32_t n = 0; n < sweep->board->blocks.count; n++)
		look_again(sweep, n, t_ns);
}

static int run(struct sweep *sweep, struct timeline *timeline, struct moments *moments)
{
	int result = moments_sort(moments);

	look_at(sweep, MOMENTS_ALL, moments->from_ns);
	if (result == 0)
		result = note(sweep, timeline, moments->from_ns);
	for (uint32_t n = 0; n < moments->list.count && result == 0; n++) {
		const struct moment *moment = moments_get(moments, n);

		look_at(sweep, moment->block, moment->t_ns);
		if (n + 1 < moments->list.count &&
		    moments_get(moments, n + 1)->t_ns == moment->t_ns)
			continue;
		result = note(sweep, timeline, moment->t_ns);
	}
	return result;
}

int cut_off_revise(struct board *board, uint32_t vantage, int64_t t_ns, int64_t now_ns)
{
	struct sweep sweep = {.board = board, .vantage = vantage};
	struct timeline *timeline = &board->vantages[vantage].cut_off;
	struct moments moments;
	int result;

	sweep.sights = calloc(board->blocks.count + 1, 1);
	if (!sweep.sights)
		return -ENOMEM;
	sweep.counts[NOTHING] = board->blocks.count;
	moments_init(&moments, t_ns, now_ns);
	for (uint32_t n = 0; n < board->blocks.count; n++)
		if (board_view(board_block(board, n), vantage))
			moments_add_claims(&moments, board_block(board, n), n);
	for (uint32_t n = 0; n < board->vantage_count; n++)
		moments_add_heard(&moments, &board->vantages[n].heard);
	timeline_cut(timeline, t_ns);
	result = run(&sweep, timeline, &moments);
	moments_fini(&moments);
	free(sweep.sights);
	return result;
}

bool cut_off_is_island(const struct board *board, uint32_t number, int64_t now_ns)
{
	const struct board_vantage *vantage = &board->vantages[number];
	const struct interval *interval = timeline_at(&vantage->cut_off, now_ns);

	return interval && interval->verdict == BW_DARK &&
	       now_ns - interval->from_ns >= CUT_OFF_ROUNDS * vantage->round_ns;
}
