/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_SHOW_H
#define APP_TARGETS_TARGETS_SHOW_H

#include <stdio.h>

#include <blockwatch/target.h>

/*
 * Prints a target as text to standard output: its head, its networks, its hosts and its
 * references. Returns 0 or -ENOMEM.
 */
int targets_show(const struct bw_target *target);

/* Prints a line such as "4 networks, 4 blocks, 24 hosts". */
void targets_show_sum(const struct bw_target *target, FILE *out);

#endif
