/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_FOLLOW_LOAD_H
#define COLLECT_FOLLOW_FOLLOW_LOAD_H

#include "collect/follow/follow.h"

/* Fills the board with what the store has. Returns as the store, or -ENOMEM. */
int follow_load(struct follow *follow, const struct store *store, struct bw_err *err);

/*
 * What connects the vantages, and how many upstream networks dark takes (the quorum of the board),
 * are those of the configuration from NOW on. Saves what has changed since the last start, in a
 * transaction of its own. The first start holds for all time before. Returns as the store, or
 * -ENOMEM.
 */
int follow_begin(struct follow *follow, const struct store *store, int64_t now_ns,
		 struct bw_err *err);

#endif
