/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_PRIVATE_H
#define REPORT_STATE_STATE_PRIVATE_H

#include "report/state/state.h"

/* What writing and reading share, for the files of this folder. */

#define STATE_WALL_MAX (INT64_C(7258118400) * BW_S)        /* 2200-01-01 */
#define STATE_SPAN_MAX (INT64_C(36525) * 86400 * BW_S)     /* 100 years */

/*
 * The checksum of lines up to now and one more with its line end; 0 before the
 * first. Chained, each line under a key made of the sum before it: so it goes
 * with the lines, also when they are too many for the memory, and knows their order.
 */
uint64_t state_sum(uint64_t sum, const char *line, size_t length);

/* Whether a reader may accept it: 0, or BW_ERR_VALUE with what is wrong and the field. */
int state_check_head(const struct state_head *head, struct bw_err *err);
int state_check_block(const struct state_block *block, struct bw_err *err);
int state_check_group(const struct state_group *group, struct bw_err *err);

#endif
