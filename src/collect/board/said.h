/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_SAID_H
#define COLLECT_BOARD_SAID_H

#include "collect/board/board.h"
#include "infer/group.h"

/*
 * The verdict of a target at T by what one vantage alone says of its blocks; infer/group has the
 * rule.
 */
enum bw_verdict said_sum(const struct board *board, uint32_t target, uint32_t vantage,
			 int64_t t_ns);

#endif
