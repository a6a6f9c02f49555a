/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_HOURLY_HOURLY_FOLD_H
#define COLLECT_HOURLY_HOURLY_FOLD_H

#include "collect/hourly/hourly_part.h"
#include "collect/store.h"

#define HOURLY_FOLD_BYTES (512U << 10) /* of parts that one call brings into days, or one part */

/*
 * Brings the oldest parts of the store into the days of their blocks, networks and targets, in a
 * transaction of its own. The parts are gone then. *RET_MORE: there are others. Returns 0,
 * BW_ERR_UNAVAILABLE or -ENOMEM, and then nothing has happened.
 */
int hourly_fold(const struct store *store, bool *ret_more, struct bw_err *err);

#endif
