/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CHECK_CHECK_RUN_H
#define APP_CHECK_CHECK_RUN_H

#include "app/check/check_memory.h"
#include "app/common/session.h"
#include "report/record/record.h"

struct check_run_config {
	struct session *session; /* open; borrowed */
	const struct conf_probing *options;
	struct check_memory *memory; /* what is known beforehand; learns; borrowed */
	struct record_sink sink;
	bool traces; /* where the paths to what is dark end, in up to CHECK_TRACE_NS more */
	/*
	 * NULL: one check. Otherwise it is called after each check, and the next follows
	 * CHECK_PAUSE_NS later, unless it returns true or SIGINT or SIGTERM has arrived.
	 */
	bool (*is_settled)(void *self);
	int (*renew)(void *self, struct bw_err *err); /* the session, before the next; may fail */
	void *self;
};

#define CHECK_TRACE_NS (5 * BW_S)

/* With a check of 10 s, no block gets more than one probe a second. */
#define CHECK_PAUSE_NS (15 * BW_S)

/*
 * Runs checks against the network: opens captures and sockets, and drives a vantage with the
 * event loop until every block has a verdict or SIGINT or SIGTERM arrives. The sink gets the
 * record of each block when its verdict is known, then the records of the targets, which have a
 * path if traces have shown one, and of the vantage; `seq` goes on from one check to the next.
 * Shows progress on standard error if that is a terminal.
 *
 * Returns 0 if a check ran, also if it was interrupted; or an error of loop_new(), netio_open()
 * (BW_ERR_PRIVILEGE among them), vantage_new() or loop_run(). While checks are repeated, a missing
 * interface is no error.
 */
int check_run(const struct check_run_config *config, struct bw_err *err);

#endif
