/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_DRY_RUN_H
#define APP_SURVEY_SURVEY_DRY_RUN_H

#include <stdio.h>

#include "app/survey/survey_input.h"

/*
 * `survey --dry-run`: prints ADDRESS METHOD for each probe of a pass to OUT, in the order in
 * which a survey with this seed sends them. Stops if OUT fails. Logs a summary. Sends nothing.
 */
void survey_dry_run(const struct survey_options *options, const struct survey_input *input,
		    FILE *out);

#endif
