/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CHECK_CHECK_RUN_H
#define APP_CHECK_CHECK_RUN_H

#include "app/common/session.h"
#include "report/record/record.h"

struct check_run_config {
	struct session *session; /* open; borrowed */
	const struct conf_probing *options;
	struct record_sink sink;
};

/*
 * Runs one check against the network: opens captures and sockets, and drives a vantage with
 * the event loop until every block has a verdict or SIGINT or SIGTERM arrives. The sink gets
 * the record of each block when its verdict is known, then the records of the targets and of
 * the vantage. Shows progress on standard error if that is a terminal.
 *
 * Returns 0 if the check ran, also if it was interrupted; or an error of loop_new(),
 * netio_open() (BW_ERR_PRIVILEGE among them), vantage_new() or loop_run().
 */
int check_run(const struct check_run_config *config, struct bw_err *err);

#endif
