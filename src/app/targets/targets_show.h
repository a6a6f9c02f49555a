/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_SHOW_H
#define APP_TARGETS_TARGETS_SHOW_H

#include <blockwatch/target.h>

/*
 * Prints a target for people on standard output: what it is, its networks, its
 * hosts, its references. Returns 0 or -ENOMEM.
 */
int targets_show(const struct bw_target *target);

/* Prints "4 networks, 4 blocks, 24 hosts" and ends the line. */
void targets_show_sum(const struct bw_target *target);

#endif
