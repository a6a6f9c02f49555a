/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_SWEEP_H
#define APP_SURVEY_SURVEY_SWEEP_H

#include "app/common/egress.h"
#include "app/survey/survey_input.h"
#include "app/survey/survey_resume.h"
#include "report/record/record.h"

/*
 * The sweep of a survey: begun anew, or resumed from the file of --resume, and kept in that
 * file if it is interrupted.
 */
struct survey_sweep {
	struct sweep *sweep;
	uint64_t seed;               /* of the order */
	const struct survey_input *input; /* borrowed */
	struct survey_resume before; /* the counts of earlier runs; its fingerprint is ours */
};

struct survey_sweep_config {
	const struct survey_options *options;
	const struct survey_input *input;
	const struct egress_set *egress;
	void (*on_answer)(void *self, const struct sweep_answer *answer);
	void *self; /* first argument of on_answer() */
};

/*
 * Makes the sweep. Returns 0, or one of: BW_ERR_VALUE, the file of --resume belongs to
 * another survey; errors of survey_resume_read() and sweep_new(). Call survey_sweep_fini()
 * in all cases.
 */
int survey_sweep_init(struct survey_sweep *sweep, const struct survey_sweep_config *config,
		      struct bw_mono now, struct bw_err *err);
void survey_sweep_fini(struct survey_sweep *sweep); /* accepts a zeroed one */

/*
 * The end of a survey with --resume: writes the file of an interrupted survey, removes that
 * of a complete one. Nothing was sent after STOPPED. Returns 0 or -errno.
 */
int survey_sweep_keep(const struct survey_sweep *sweep, const struct survey_options *options,
		      const struct record_survey *survey, struct bw_mono stopped,
		      struct bw_err *err);

#endif
