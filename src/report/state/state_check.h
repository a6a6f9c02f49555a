/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_CHECK_H
#define REPORT_STATE_STATE_CHECK_H

#include <blockwatch/err.h>

#include "report/state/state.h"

/*
 * What a reader accepts: the limits of report/state/state.h, valid UTF-8, values that do
 * not contradict each other. The writer asks too, so that no file is written that cannot
 * be read. Each returns 0, or BW_ERR_VALUE with what is wrong and the field.
 */
int state_check_head(const struct state_head *head, struct bw_err *err);
int state_check_block(const struct state_block *block, struct bw_err *err);
int state_check_group(const struct state_group *group, struct bw_err *err);
int state_check_path(const struct state_path *path, struct bw_err *err);

#endif
