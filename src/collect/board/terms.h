/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_TERMS_H
#define COLLECT_BOARD_TERMS_H

#include "collect/board/board.h"

/*
 * What the configuration said, and when: it holds for the time in which it did, so that a change
 * of the configuration does not change the history.
 */

/* A number that no AS has: the upstream of vantage N, of which nothing is known. */
static inline uint64_t terms_own_upstream(uint32_t n)
{
	return (UINT64_C(1) << 32) + n;
}

/*
 * From T on the vantage is connected by this network; from T on dark takes so many networks. Times
 * come in order. What was merged of the time before stays. Returns 0 or -ENOMEM.
 */
int terms_connect(struct board *board, uint32_t vantage, int64_t t_ns, uint64_t network);
int terms_demand(struct board *board, int64_t t_ns, unsigned quorum);

/* What held at T; 0: nothing is known. */
uint64_t terms_upstream_at(const struct board_vantage *vantage, int64_t t_ns);
unsigned terms_quorum_at(const struct board *board, int64_t t_ns);

#endif
