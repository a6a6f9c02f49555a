/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_CATCH_UP_H
#define COLLECT_CATCH_UP_H

#include "collect/fleet.h"
#include "collect/follow/follow.h"
#include "collect/seen.h"

/*
 * Takes what other collectors over the same database have admitted, as if this one had, and saves
 * nothing of it: they have. Within a transaction or outside of one. Returns 1 when something came,
 * else 0; BW_ERR_MISSING when the state has to be read anew (collect/load.h); BW_ERR_UNAVAILABLE
 * when the rest comes with the next call.
 */
int catch_up(struct seen *seen, struct follow *follow, struct fleet *fleet,
	     const struct store *store, struct bw_err *err);

#endif
