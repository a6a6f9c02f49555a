/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/outage_book_forget.h"

#include <stdlib.h>

static struct outage_entry *entry_at(const struct outage_book *book, uint32_t n)
{
	return array_at(&book->entries, n);
}

/* The new number of an outage, or of the one before it that stays. */
static uint32_t renumber(const struct outage_book *book, const uint32_t *numbers, uint32_t number)
{
	while (number > 0 && numbers[number - 1] == 0)
		number = entry_at(book, number - 1)->former;
	return number > 0 ? numbers[number - 1] : 0;
}

/* NUMBERS are the new ones of all entries, from 1; 0: it is forgotten. */
static void renumber_timeline(const struct outage_book *book, const uint32_t *numbers,
			      struct timeline *timeline)
{
	timeline->last_outage = renumber(book, numbers, timeline->last_outage);
	if (timeline->told_outage > 0 && timeline->told_outage <= book->entries.count)
		timeline->told_outage = numbers[timeline->told_outage - 1];
}

static void renumber_board(const struct outage_book *book, const uint32_t *numbers,
			   const struct board *board)
{
	for (uint32_t n = 0; n < board->targets.count; n++)
		renumber_timeline(book, numbers, &board_target(board, n)->merged);
	for (uint32_t n = 0; n < board->networks.count; n++)
		renumber_timeline(book, numbers, &board_network(board, n)->merged);
	for (uint32_t n = 0; n < board->blocks.count; n++)
		renumber_timeline(book, numbers, &board_block(board, n)->merged);
}

void outage_book_forget(struct outage_book *book, const struct board *board)
{
	const uint32_t count = book->entries.count;
	uint32_t *numbers = calloc((size_t)count + 1, sizeof(*numbers));
	uint32_t kept = 0;

	if (!numbers)
		return; /* they are taken out later */
	for (uint32_t n = 0; n < count; n++)
		if (!entry_at(book, n)->forgotten)
			numbers[n] = ++kept;
	renumber_board(book, numbers, board);
	for (uint32_t n = 0; n < count; n++)
		if (numbers[n] > 0)
			entry_at(book, n)->former =
				renumber(book, numbers, entry_at(book, n)->former);
	for (uint32_t n = 0; n < count; n++) {
		if (numbers[n] == 0)
			outage_book_free(entry_at(book, n));
		else
			*entry_at(book, numbers[n] - 1) = *entry_at(book, n);
	}
	book->entries.count = kept;
	free(numbers);
}
