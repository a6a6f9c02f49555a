/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_BOARD_VANTAGE_H
#define COLLECT_BOARD_BOARD_VANTAGE_H

#include "collect/board/board.h"

/* What is known of a vantage as a whole, and what is merged anew when it changes. */

/* All blocks of which this vantage has said anything are merged anew from FROM on. */
void board_mark_blocks(struct board *board, uint32_t vantage, int64_t from_ns);

/* So is all that depends on it: these blocks, and who of all vantages is cut off. */
void board_mark_vantage(struct board *board, uint32_t vantage, int64_t from_ns);

/* The time between two rounds of a vantage: all that it said is merged anew when it differs. */
void board_set_round(struct board *board, uint32_t vantage, int64_t round_ns);

/* The vantage was heard of, as heard_add() has it. Returns 0 or -ENOMEM. */
int board_hear(struct board *board, uint32_t vantage, int64_t from_ns, int64_t until_ns);

/* It is not heard of from UNTIL on, as heard_shorten() has it, until its next record. */
void board_shorten(struct board *board, uint32_t vantage, int64_t until_ns);

/* The vantage said whether it was fit, as heard_say() has it. Returns 0 or -ENOMEM. */
int board_say_health(struct board *board, uint32_t vantage, int64_t at_ns, bool healthy);

#endif
