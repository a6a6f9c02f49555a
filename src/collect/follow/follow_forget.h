/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_FOLLOW_FORGET_H
#define COLLECT_FOLLOW_FOLLOW_FORGET_H

#include "collect/follow/follow.h"

/*
 * Each record of a vantage says whether it is fit. For FOLLOW_EXACT_NS all of these statements are
 * kept, so that records that come late change the history as if they had come in time; older ones
 * that say the same as their neighbours are deleted, from the store and from the board. One call
 * deletes some, in a transaction of its own; *RET_MORE: there are more. Returns as the store, or
 * -ENOMEM.
 */
#define FOLLOW_EXACT_NS (8 * 86400 * BW_S)

int follow_forget(struct follow *follow, const struct store *store, int64_t now_ns, bool *ret_more,
		  struct bw_err *err);

#endif
