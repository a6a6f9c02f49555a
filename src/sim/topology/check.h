/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TOPOLOGY_CHECK_H
#define SIM_TOPOLOGY_CHECK_H

#include <stdbool.h>

#include <blockwatch/err.h>
#include <blockwatch/time.h>

/* Checks of single values, for what is added to a world. */

/* A probability or a share: from 0 to 1, and a number. */
static inline bool check_chance(double chance)
{
	return chance >= 0 && chance <= 1;
}

/* The rate of a token bucket: 0 for no limit, or from 0.001 to 10^9 a second. */
static inline bool check_rate(double rate_pps)
{
	return rate_pps == 0 || (rate_pps >= .001 && rate_pps <= 1e9);
}

/* Returns 0, or BW_ERR_VALUE unless START is before END. */
int check_interval(struct bw_mono start, struct bw_mono end, struct bw_err *err);

#endif
