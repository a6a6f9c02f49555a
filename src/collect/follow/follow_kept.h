/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_KEPT_H
#define COLLECT_FOLLOW_KEPT_H

#include "collect/board/subject.h"
#include "collect/store.h"

/*
 * What is kept of the sums, targets and networks, when old claims are forgotten: the interval, or
 * the outage, that held at the time before which nothing is known. It may have begun with a claim
 * that no block needs any more.
 */

/* Whether the store has what is kept of this sum at T, or there is nothing. */
bool follow_kept_is_saved(const struct subject *sum, int64_t t_ns);

/* Saves it, within a transaction. Returns as the store, or -ENOMEM. */
int follow_kept_save(const struct board *board, const struct subject *sum, int64_t t_ns,
		     const struct store *store, struct bw_err *err);

/* It is saved, or was never meant to be (SAVED false), and stays as it is until T. */
void follow_kept_hold(const struct subject *sum, int64_t t_ns, bool saved);

/* Reads what was saved; the board has its targets and networks. */
int follow_kept_load(struct board *board, const struct store *store, struct bw_err *err);

#endif
