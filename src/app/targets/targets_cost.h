/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_COST_H
#define APP_TARGETS_TARGETS_COST_H

#include <stdio.h>

#include <blockwatch/target.h>

#include "base/addr/prefix_set.h"

/*
 * Prints which blocks and hosts of a target are not probed, and what a check and a round of `run`
 * with defaults cost: probes, seconds at the default rate, and records a day. BLOCKLIST is
 * sealed; NULL: there is none, and nothing is said of it. Returns 0, or an error of roster_init()
 * with a message.
 */
int targets_cost_print(const struct bw_target *target, const struct prefix_set *blocklist,
		       FILE *out, struct bw_err *err);

#endif
