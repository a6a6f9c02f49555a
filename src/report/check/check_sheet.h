/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_SHEET_H
#define REPORT_CHECK_CHECK_SHEET_H

#include <stdio.h>

#include "report/check/check_collect.h"
#include "report/text/paint.h"

/*
 * The table of one target: a row a block. A network that is one block is that
 * row; one of several has a line of its own with its name and its count, and its
 * blocks below it, indented.
 *
 * Of more than CHECK_SHEET_ROWS blocks only those are shown that are not up, at
 * most so many, dark ones first. One row for each verdict sums up those left out:
 * the least sure, all replies, the median of their RTTs, the oldest last answer.
 * Networks of several blocks keep their line while they are no more than that.
 */
#define CHECK_SHEET_ROWS 40

/* Returns 0 or -ENOMEM; errors of OUT stay in OUT. The target is sorted. */
int check_sheet_print(const struct check_target *target, const struct paint *paint, unsigned screen,
		      FILE *out);

#endif
