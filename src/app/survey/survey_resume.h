/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_RESUME_H
#define APP_SURVEY_SURVEY_RESUME_H

#include "probe/sweep/sweep.h"

/*
 * A survey that was interrupted, in a file: where it was and who had answered. Text,
 * a word and its values a line, "end" last; written beside and renamed.
 */
struct survey_resume {
	uint64_t run; /* fingerprint of what is asked how: another run is refused */
	uint64_t seed;
	struct sweep_place place;
	uint64_t sent, replies, duplicates, errors, rejected, dropped, send_errors, refused, again;
	int64_t elapsed_ns;
};

/* Returns 0 or -errno with a message. */
int survey_resume_write(const char *path, const struct survey_resume *resume,
			const struct sweep *sweep, struct bw_err *err);

/*
 * Reads the head. Returns 1; 0 when there is no such file; BW_ERR_SYNTAX or
 * BW_ERR_MISSING with file and line.
 */
int survey_resume_read(const char *path, struct survey_resume *ret_resume, struct bw_err *err);

/* Reads who had answered into the sweep. Returns 0 or as above. */
int survey_resume_answers(const char *path, struct sweep *sweep, struct bw_err *err);

#endif
