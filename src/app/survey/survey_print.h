/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_PRINT_H
#define APP_SURVEY_SURVEY_PRINT_H

#include "app/common/identity.h"
#include "app/survey/survey_options.h"
#include "probe/sweep/sweep.h"
#include "report/record/record.h"
#include "sys/disk/lines_out.h"

/*
 * Prints the answers of a survey to standard output, as text, CSV or JSON Lines (report/survey
 * has the formats). Lines wait in `out` until the owner flushes it with survey_out_flush().
 */
struct survey_print {
	const struct survey_options *options;
	struct lines_out out;
	char host[IDENTITY_HOST_TEXT], boot[IDENTITY_BOOT_TEXT];
	uint64_t seq; /* of the last record */
};

/* Prepares the output and puts the CSV header into it. Returns 0 or -ENOMEM. */
int survey_print_init(struct survey_print *print, const struct survey_options *options);
void survey_print_fini(struct survey_print *print);

/*
 * Prints an answer, unless the options leave it out: a second answer of the same address by
 * the same method, or an ICMP error without --errors. IN_COOLDOWN: all probes were sent.
 */
void survey_print_answer(struct survey_print *print, const struct sweep_answer *answer,
			 struct bw_now now, bool in_cooldown);

/* Prints the survey record, with --json only. */
void survey_print_record(struct survey_print *print, const struct record_survey *survey,
			 struct bw_now now);

/* Prints the counts of the survey record in words, to standard error. */
void survey_print_words(const struct record_survey *survey);

/* Writes the survey record to the file of --summary. Returns 0 or BW_ERR_UNAVAILABLE. */
int survey_print_summary(struct survey_print *print, const struct record_survey *survey,
			 struct bw_now now, struct bw_err *err);

#endif
