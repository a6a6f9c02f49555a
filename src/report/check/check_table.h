/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_TABLE_H
#define REPORT_CHECK_CHECK_TABLE_H

#include <stdio.h>

#include "report/check/check_collect.h"
#include "report/text/paint.h"

/*
 * The table of one target, with one row for each block. A network of one block is that
 * row. A network of several blocks has a line of its own with its name and its counts,
 * and its blocks are indented below it.
 *
 * A target of more than CHECK_TABLE_ROWS blocks shows at most that many rows: blocks that
 * are not up, dark ones first. One more row for each verdict sums up the other blocks: the
 * lowest certainty, all replies, the median RTT, the oldest last answer. Networks of
 * several blocks keep their lines while there are at most CHECK_TABLE_ROWS of them.
 */
#define CHECK_TABLE_ROWS 40

/* Returns 0 or -ENOMEM; errors of OUT stay in OUT. The target is sorted. */
int check_table_print(const struct check_target *target, const struct paint *paint, unsigned screen,
		      FILE *out);

#endif
