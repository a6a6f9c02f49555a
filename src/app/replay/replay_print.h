/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_REPLAY_REPLAY_PRINT_H
#define APP_REPLAY_REPLAY_PRINT_H

#include <stdio.h>

#include "app/common/local_time.h"
#include "report/check/check_text.h"
#include "vantage/replay/replay.h"

/*
 * Prints a replay as text to standard output: each event when it comes, then the first
 * REPLAY_PRINT_TRACES traces, and then the state at the end of the capture, in the form that
 * `check` has (report/check/check_text.h).
 */
#define REPLAY_PRINT_TRACES 20

struct replay_print {
	struct check_text *text;
	struct local_time local;
	bool any_event; /* the title of the events has been printed */
	bool unhealthy; /* as the last record of the vantage said */
	/* Traces, as text; NULL: there was none. */
	FILE *traces;
	char *traces_text;
	size_t traces_length;
	uint64_t trace_count;
};

/* TARGETS say which local time stands beside UTC. Returns 0 or -ENOMEM. */
int replay_print_init(struct replay_print *print, const struct bw_target *const *targets,
		      size_t count);
void replay_print_fini(struct replay_print *print);

/* Returns the sink that prints; valid as long as PRINT. */
struct record_sink replay_print_sink(struct replay_print *print);

/* Prints what the capture holds. To be called before the first record. */
void replay_print_head(const struct capture_index *index);

/* Prints the state at the end and the counts. Returns 0 or -ENOMEM. */
int replay_print_end(struct replay_print *print, const struct capture_index *index,
		     const struct replay *replay);

#endif
