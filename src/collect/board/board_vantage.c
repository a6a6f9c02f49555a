/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/board_vantage.h"

void board_mark_blocks(struct board *board, uint32_t vantage, int64_t from_ns)
{
	for (uint32_t n = 0; n < board->blocks.count; n++)
		if (board_view(board_block(board, n), vantage))
			board_mark(&board_block(board, n)->dirty_ns, from_ns);
}

void board_mark_vantage(struct board *board, uint32_t vantage, int64_t from_ns)
{
	board_mark_blocks(board, vantage, from_ns);
	for (uint32_t n = 0; n < board->vantage_count; n++)
		board_mark(&board->vantages[n].dirty_ns, from_ns);
}

static int note_heard(struct board *board, uint32_t number, int64_t from_ns, int64_t changed_ns)
{
	if (changed_ns < 0)
		return (int)changed_ns;
	/* That it goes on being heard of is no news for what was merged until now. */
	if (changed_ns <= from_ns || changed_ns <= board->until_ns)
		board_mark_vantage(board, number, changed_ns);
	return 0;
}

int board_hear(struct board *board, uint32_t number, int64_t from_ns, int64_t until_ns)
{
	return note_heard(board, number, from_ns,
			  heard_add(&board->vantages[number].heard, from_ns, until_ns));
}

void board_shorten(struct board *board, uint32_t number, int64_t until_ns)
{
	const int64_t changed = heard_shorten(&board->vantages[number].heard, until_ns);

	if (changed <= board->until_ns)
		board_mark_vantage(board, number, changed);
}

int board_say_health(struct board *board, uint32_t number, int64_t at_ns, bool healthy)
{
	return note_heard(board, number, at_ns,
			  heard_say(&board->vantages[number].heard, at_ns, healthy));
}

void board_set_round(struct board *board, uint32_t number, int64_t round_ns)
{
	struct board_vantage *vantage = &board->vantages[number];

	if (vantage->round_ns == round_ns)
		return;
	vantage->round_ns = round_ns;
	board_mark_vantage(board, number, 0);
}
