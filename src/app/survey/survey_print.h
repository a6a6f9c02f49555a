/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_PRINT_H
#define APP_SURVEY_SURVEY_PRINT_H

#include "app/common/identity.h"
#include "app/survey/survey_options.h"
#include "probe/sweep/sweep.h"
#include "report/record/record.h"
#include "sys/disk/lines_out.h"

/* The answers of a survey on standard output: text, CSV or JSON Lines. */
struct survey_print {
	const struct survey_options *options;
	struct lines_out out;
	char host[IDENTITY_HOST_TEXT], boot[IDENTITY_BOOT_TEXT];
	uint64_t seq;
};

/* Returns 0 or -ENOMEM. */
int survey_print_init(struct survey_print *print, const struct survey_options *options);
void survey_print_fini(struct survey_print *print);

/* IN_COOLDOWN: all probes have been sent. */
void survey_print_answer(struct survey_print *print, const struct sweep_answer *answer,
			 struct bw_now now, bool in_cooldown);

/* With --json the survey record; what is said to people is the caller's. */
void survey_print_record(struct survey_print *print, const struct record_survey *survey,
			 struct bw_now now);

/* The end in words, on standard error. */
void survey_print_words(const struct record_survey *survey);

/* The survey record alone in a file. Returns 0 or BW_ERR_UNAVAILABLE. */
int survey_print_summary(struct survey_print *print, const struct record_survey *survey,
			 struct bw_now now, struct bw_err *err);

#endif
