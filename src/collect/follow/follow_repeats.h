/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_REPEATS_H
#define COLLECT_FOLLOW_REPEATS_H

#include "collect/follow/follow.h"

/*
 * When a vantage said last what it has said before. Nearly all records of blocks tell no more than
 * that, and it must last: what was said in between, and comes late, holds no longer. So it is saved
 * in the transaction of a request as one row for all of them (repeat_part.h). From time to time the
 * rows that are old are deleted: by then most of what they tell was said once more, and what was
 * not is written to the rows of claims and conditions.
 */

/* Saves it, within the transaction, of facts whose views are known. Returns as the store. */
int follow_repeats_save(const struct follow *follow, const struct store *store, struct bw_err *err);

/* Reads what was saved, when the claims and conditions are on the board. */
int follow_repeats_load(struct follow *follow, const struct store *store, struct bw_err *err);

/*
 * Deletes some of what was saved before BEFORE, within a transaction in which the board has all
 * that others have saved. *RET_MORE: there may be more. Returns as the store.
 */
int follow_repeats_settle(const struct follow *follow, int64_t before_ns, const struct store *store,
			  bool *ret_more, struct bw_err *err);

#endif
