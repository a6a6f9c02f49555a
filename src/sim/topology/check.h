/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TOPOLOGY_CHECK_H
#define SIM_TOPOLOGY_CHECK_H

#include "sim/topology/model.h"

/* Whether values make sense. Each check returns 0 or BW_ERR_VALUE or BW_ERR_LIMIT, and says why. */

static inline bool check_chance(double chance)
{
	return chance >= 0 && chance <= 1;
}

/* A rate of a token bucket: 0 for none. */
static inline bool check_rate(double rate_pps)
{
	return rate_pps == 0 || (rate_pps >= .001 && rate_pps <= 1e9);
}

int check_loss(const struct sim_loss *loss, struct bw_err *err);
int check_line(const struct sim_line *line, struct bw_err *err);
int check_delay(const struct sim_delay *delay, struct bw_err *err);
int check_mischief(const struct sim_mischief *mischief, struct bw_err *err);
int check_interval(struct bw_mono start, struct bw_mono end, struct bw_err *err);

#endif
