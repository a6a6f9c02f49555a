/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_WRITE_H
#define APP_SURVEY_SURVEY_WRITE_H

#include "app/survey/survey_options.h"
#include "probe/sweep/sweep.h"

/*
 * --write: makes a target file of those who answered; their availability is the
 * share of the passes so far in which they did. When nobody answered nothing is
 * written, and that is said. Returns 0 or BW_ERR_UNAVAILABLE.
 */
int survey_write(const struct survey_options *options, const struct sweep *sweep,
		 struct bw_wall now, struct bw_err *err);

#endif
