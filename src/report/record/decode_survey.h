/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_DECODE_SURVEY_H
#define REPORT_RECORD_DECODE_SURVEY_H

#include "report/record/record.h"
#include "report/record/take.h"

/* The lists of a survey that has been decoded; the caller keeps them with the record. */
struct decode_survey_lists {
	const char *prefixes[RECORD_PREFIXES_MAX];
	struct bw_methods methods;
};

/*
 * The members of a survey, whose lists are then in LISTS. The error, if any, is in `take`;
 * strings belong to its document.
 */
void decode_survey(struct take *take, struct decode_survey_lists *lists,
		   struct record_survey *survey);

#endif
