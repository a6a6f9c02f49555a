/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_REVISE_H
#define COLLECT_BOARD_REVISE_H

#include "collect/board/board.h"

/*
 * Brings the merged timelines up to NOW. They are a function of the claims alone: records that
 * come late change the past, and the result is the same in whatever order all came.
 *
 * First who is cut off, then blocks, then networks and targets, each from the time on at which
 * something under it has changed. Returns 0 or -ENOMEM.
 */
int revise(struct board *board, int64_t now_ns);

/* When something changes although nothing is said: somebody becomes silent, say. */
int64_t revise_deadline(const struct board *board);

#endif
