/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_SHOW_H
#define APP_TARGETS_TARGETS_SHOW_H

#include <stdio.h>

#include <blockwatch/target.h>
#include <blockwatch/time.h>

#include "base/addr/prefix_set.h"

/*
 * Prints a target as text to standard output: its head, networks, hosts, references, sources,
 * inputs, and what it costs (targets_cost.h, also for BLOCKLIST). NOW is for ages. Returns 0 or an
 * error with a message.
 */
int targets_show(const struct bw_target *target, const struct prefix_set *blocklist,
		 struct bw_wall now, struct bw_err *err);

/* Prints a line such as "4 networks, 4 blocks, 24 hosts". */
void targets_show_sum(const struct bw_target *target, FILE *out);

#endif
