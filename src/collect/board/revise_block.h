/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_REVISE_BLOCK_H
#define COLLECT_BOARD_REVISE_BLOCK_H

#include "collect/board/board.h"

#define REVISE_DIFFER_ROUNDS 2 /* after so many, vantages that differ are told of */

/*
 * Merges a block anew from T until NOW; infer/merge has the rule. Sets its wake_ns. Returns 0 or
 * -ENOMEM.
 */
int revise_block(const struct board *board, struct board_block *block, int64_t t_ns,
		 int64_t now_ns);

#endif
