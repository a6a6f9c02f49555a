/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_STATUS_H
#define APP_SURVEY_SURVEY_STATUS_H

#include "probe/sweep/sweep.h"

/*
 * The line on standard error that shows how far a survey is. It is written over itself four
 * times a second, from one second after the start on, and only if standard error is a
 * terminal. Its text is in report/survey/survey_progress.
 */
struct survey_status {
	bool enabled, shown;
	unsigned width; /* of the terminal; 0: unknown */
	struct bw_mono started, updated_at;
	uint64_t sent; /* at the last update */
};

void survey_status_init(struct survey_status *status, struct bw_mono now);

/* Shows the line if it is due. LISTEN_UNTIL: when the survey ends; ns 0: not known yet. */
void survey_status_update(struct survey_status *status, const struct sweep *sweep,
			  struct bw_mono now, struct bw_mono listen_until);

/* Removes the line, if it is shown. To be called before any other output. */
void survey_status_erase(struct survey_status *status);

#endif
