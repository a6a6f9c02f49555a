/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_DIFF_H
#define APP_TARGETS_TARGETS_DIFF_H

#include <stdio.h>

#include <blockwatch/target.h>

/*
 * Prints what differs between two targets, a line each (difference.h): '-' what only the first
 * has, '+' what only the second has, '~' what changed. JSON: an object a line. Files, inputs and
 * the order in a file do not count. Returns how many lines were printed.
 */
size_t targets_diff(const struct bw_target *first, const struct bw_target *second, bool json,
		    FILE *out);

#endif
