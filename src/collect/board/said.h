/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_SAID_H
#define COLLECT_BOARD_SAID_H

#include "collect/board/board.h"

/* What one vantage alone says of the blocks of a target. */
struct said {
	uint32_t of[BW_BLOCK_VERDICTS]; /* blocks with each verdict */
	uint32_t total;                 /* blocks of which it has said anything */
	enum bw_verdict verdict;        /* of the target, by these; infer/group has the rule */
};

/*
 * The same of all vantages at T, in one walk over the blocks. LIST is by number of the vantage, has
 * room for those of the board, and is zero. Returns 0 or -ENOMEM.
 */
int said_by_all(const struct board *board, uint32_t target, int64_t t_ns, struct said *list);

#endif
