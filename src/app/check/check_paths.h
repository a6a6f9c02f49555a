/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CHECK_CHECK_PATHS_H
#define APP_CHECK_CHECK_PATHS_H

#include "app/check/check_run.h"
#include "vantage/path/path_check.h"

/* The traces at the end of a check (vantage/path/path_check.h), for at most CHECK_TRACE_NS. */
struct check_paths {
	const struct check_run_config *config;
	const struct bw_transport *transport;
	struct path_plan plan;
	struct path_check *check; /* NULL: nothing is traced */
	struct bw_mono until;
};

/* CONFIG and TRANSPORT are borrowed until check_paths_end(). */
void check_paths_init(struct check_paths *paths, const struct check_run_config *config,
		      const struct bw_transport *transport);
void check_paths_end(struct check_paths *paths);

/* Begins to trace what is dark. A failure is logged, and nothing is traced. */
void check_paths_begin(struct check_paths *paths, struct ledger *ledger, struct bw_now now);
bool check_paths_are_traced(const struct check_paths *paths);

void check_paths_receive(struct check_paths *paths, const struct bw_rx *rx);

/* Does what is due. Returns when to call it again; BW_NEVER: all is traced, or time is up. */
struct bw_mono check_paths_step(struct check_paths *paths, struct bw_now now);

/* Hands RECORD to SINK; that of a target with its path. */
void check_paths_put(struct check_paths *paths, const struct record *record,
		     const struct record_sink *sink);

#endif
