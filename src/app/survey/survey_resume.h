/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_RESUME_H
#define APP_SURVEY_SURVEY_RESUME_H

#include "probe/sweep/sweep.h"

/*
 * The file of --resume: the position and the counts of an interrupted survey, and which
 * addresses have answered. It is text, "blockwatch-survey-resume 2" in the first line, then
 * one word and its value a line, then the block list with which the order of the addresses was
 * made (one prefix a line), then the answers (number and hexadecimal word of sweep_word()),
 * "end" in the last line. It is written to FILE.tmp and renamed.
 */
struct survey_resume {
	uint64_t run; /* fingerprint of addresses, methods, passes and shard */
	uint64_t seed;
	struct sweep_place place; /* where the next run goes on */
	uint64_t sent, replies, duplicates, errors, rejected, dropped, send_errors, refused, again;
	int64_t elapsed_ns;
};

/*
 * Writes the file; the answers come from SWEEP. BLOCKLIST is sealed. Returns 0 or
 * BW_ERR_UNAVAILABLE.
 */
int survey_resume_write(const char *path, const struct survey_resume *resume,
			const struct prefix_set *blocklist, const struct sweep *sweep,
			struct bw_err *err);

/*
 * Reads position and counts. Returns 1, or 0 if there is no such file, or one of:
 * BW_ERR_SYNTAX, damaged, with the line; BW_ERR_MISSING, it cannot be read.
 */
int survey_resume_read(const char *path, struct survey_resume *ret_resume, struct bw_err *err);

/*
 * Adds the block list of the file to SET, which the caller seals. Returns 1, 0 if there is no
 * such file, -ENOMEM, or as survey_resume_read().
 */
int survey_resume_blocklist(const char *path, struct prefix_set *set, struct bw_err *err);

/* Reads the answers into SWEEP. Returns 0, BW_ERR_SYNTAX or BW_ERR_MISSING. */
int survey_resume_answers(const char *path, struct sweep *sweep, struct bw_err *err);

#endif
