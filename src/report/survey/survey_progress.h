/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SURVEY_PROGRESS_H
#define REPORT_SURVEY_PROGRESS_H

#include <stdint.h>

#include <blockwatch/time.h>

/*
 * How far a survey is, in one line:
 *
 *     12 s  34.1 %  5.1 M sent, 412 k/s  3.9 M answered (76.5 %)  0 lost  23 s left
 */
#define SURVEY_PROGRESS_TEXT 160

struct survey_progress {
	int64_t elapsed_ns;
	uint64_t asked, total; /* probes: done so far, and in all */
	uint64_t sent, answered, replies, lost;
	double rate_pps;      /* just now */
	int64_t listening_ns; /* once all are sent: how long to listen; negative: still sending */
};

/* At most COLUMNS wide (0: as long as it is). Returns buffer. */
char *survey_progress_format(const struct survey_progress *progress, unsigned columns,
			     char buffer[SURVEY_PROGRESS_TEXT]);

/* "950", "12.3 k", "4.1 M", "3.7 G". Returns buffer. */
#define SURVEY_COUNT_TEXT 16
char *survey_count_format(double count, char buffer[SURVEY_COUNT_TEXT]);

#endif
