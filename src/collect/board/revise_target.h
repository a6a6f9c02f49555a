/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_REVISE_TARGET_H
#define COLLECT_BOARD_REVISE_TARGET_H

#include "collect/board/board.h"

/*
 * Adds the blocks of a target up to its networks and to itself, anew from T until NOW; infer/group
 * has the rule. Returns 0 or -ENOMEM.
 */
int revise_target(const struct board *board, uint32_t target, int64_t t_ns, int64_t now_ns);

#endif
