/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_WRITE_H
#define APP_SURVEY_SURVEY_WRITE_H

#include "app/survey/survey_options.h"
#include "probe/sweep/sweep.h"

/*
 * `survey --write`: writes a target file whose hosts are the addresses that have answered.
 * The availability of a host is the share of the passes in which it has answered. A target file
 * that is there, else the target file OPERAND (NULL: none), is merged (target/merge.h): all else
 * that it says stays. If no address has answered, logs that and writes nothing. Returns 0,
 * -ENOMEM or BW_ERR_UNAVAILABLE.
 */
int survey_write(const struct survey_options *options, const char *operand,
		 const struct sweep *sweep, struct bw_wall now, struct bw_err *err);

/*
 * Whether survey_write() may replace PATH: nothing is there, no file with contents, or a target
 * file in JSON, of which all stays. Returns 0 or BW_ERR_VALUE.
 */
int survey_write_check(const char *path, struct bw_err *err);

#endif
