/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_REPLAY_REPLAY_PRINT_H
#define APP_REPLAY_REPLAY_PRINT_H

#include "report/check/check_text.h"
#include "vantage/replay/replay.h"

/*
 * What `replay` shows people, on standard output: events in words as they come, then
 * the state at the end of the capture, as `check` shows it.
 */
struct replay_print {
	struct check_text *text;
	bool any_event, is_blind;
};

/* Returns 0 or -ENOMEM. */
int replay_print_init(struct replay_print *print);
void replay_print_fini(struct replay_print *print);

struct record_sink replay_print_sink(struct replay_print *print);

/* What the capture is: before the first record. */
void replay_print_head(const struct census *census);

/* The last words: returns 0 or -ENOMEM. */
int replay_print_end(struct replay_print *print, const struct passive_stats *stats);

#endif
