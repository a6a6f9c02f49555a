/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_AGE_H
#define TARGET_AGE_H

#include <blockwatch/target.h>
#include <blockwatch/time.h>

/* A target that was updated longer ago is stale, unless the configuration says otherwise. */
#define TARGET_STALE_AFTER_NS (90 * 86400 * BW_S)

/*
 * How long ago a target was updated, in whole days: by its `updated`, which `targets build` and
 * `survey --write` set. 0 for a day to come; -1 when it says no day.
 */
int target_age_days(const struct bw_target *target, struct bw_wall now);

#endif
