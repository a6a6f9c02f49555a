/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_CUT_OFF_H
#define COLLECT_BOARD_CUT_OFF_H

#include "collect/board/board.h"

/*
 * A vantage to which nearly everything is dark while others get answers from some of that is cut
 * off itself: its darkness does not count.
 */
#define CUT_OFF_SHARE .9
#define CUT_OFF_ROUNDS 2 /* after so many it is an island */

/* Makes the timeline of one vantage anew from T until NOW. Returns 0 or -ENOMEM. */
int cut_off_revise(struct board *board, uint32_t vantage, int64_t t_ns, int64_t now_ns);

/* Whether it has been cut off for CUT_OFF_ROUNDS. */
bool cut_off_is_island(const struct board *board, uint32_t vantage, int64_t now_ns);

#endif
