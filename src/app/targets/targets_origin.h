/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_ORIGIN_H
#define APP_TARGETS_TARGETS_ORIGIN_H

#include <stdio.h>

#include <blockwatch/target.h>

/* Prints what `targets build` left out, and how far a second opinion differs: a line each. */
void targets_origin_print_sums(const struct bw_origin *origin, FILE *out);

/* Prints the inputs as a table, and the sums; nothing for NULL. Returns 0 or -ENOMEM. */
int targets_origin_print(const struct bw_origin *origin, FILE *out);

#endif
