/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_RUN_H
#define APP_SURVEY_SURVEY_RUN_H

#include "app/common/egress.h"
#include "app/survey/survey_input.h"

/* What to survey; all of it is borrowed. */
struct survey_job {
	const struct survey_options *options;
	struct survey_input *input;
	const struct egress_set *egress;
	char *const *operands; /* as the user gave them, for the survey record */
	size_t operand_count;
};

/*
 * Runs a survey against the network: sends, prints the answers, handles signals, and writes
 * the survey record and the files of --write, --summary and --resume at the end.
 *
 * Returns 0 if all of that worked, also if the survey was interrupted. Returns the first
 * error otherwise; what has been found until then is written in that case, too.
 */
int survey_run(const struct survey_job *job, struct bw_err *err);

#endif
