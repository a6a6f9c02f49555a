/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_RECORD_H
#define APP_SURVEY_SURVEY_RECORD_H

#include "app/survey/survey_sweep.h"
#include "sys/transport/netio.h"

/* The course of one run of a survey. */
struct survey_course {
	struct bw_mono started;
	struct bw_mono sent_until; /* sending has ended */
	struct bw_mono ended;
	bool complete; /* all probes were sent, and their answers waited for */
};

/*
 * Computes the survey record: what this run and those that it resumes have counted. RING is
 * what the captures of this run have counted. The operands (`prefixes`) are the caller's
 * to fill in.
 */
void survey_record_make(const struct survey_options *options, const struct survey_sweep *sweep,
			const struct capture_stats *ring, const struct survey_course *course,
			struct record_survey *ret_survey);

#endif
