/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_RUN_H
#define APP_SURVEY_SURVEY_RUN_H

#include "app/survey/survey_options.h"
#include "app/survey/survey_print.h"
#include "app/survey/survey_resume.h"
#include "sys/transport/senders.h"

/* What a survey in progress consists of: begun in one file, run in another, ended in a third. */
enum survey_stop {
	STOP_NOT,
	STOP_ENDING, /* nothing is sent any more; answers are taken in until end_at */
	STOP_NOW,
};

struct survey_run {
	const struct survey_job *job;
	const struct survey_options *options;
	struct sweep *sweep;
	struct network *network;
	struct senders *blast;
	struct loop *loop;
	struct survey_print print;
	struct bw_now now, started;
	struct bw_mono end_at, sent_until, stopped_at;
	enum survey_stop stop;
	bool interrupted; /* not everybody was asked, or not listened for */
	int failure;      /* of output or network; its message is in *err */
	struct bw_err *err;
	struct survey_resume before; /* what earlier runs have done */
	uint64_t seed;
	struct prefix_set *replaced; /* the block list of the latest SIGHUP */

	bool shows_progress, progress_shown;
	unsigned columns;
	struct bw_mono progress_at, looked_at;
	uint64_t send_errors;
	uint64_t progress_sent;
};

/*
 * Makes the sweep, resumed where there is something to resume, and opens the network for it.
 * The loop is there already. Returns 0 or a code with its message.
 */
int survey_begin(struct survey_run *run, struct bw_err *err);

/*
 * Stops sending and writes all that there is to write. Returns the first failure, that
 * of the run before its own.
 */
int survey_end(struct survey_run *run, struct bw_err *err);

#endif
