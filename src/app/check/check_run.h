/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/common/session.h"
#include "report/record/record.h"

/*
 * Runs one check against the real network: opens captures and sockets, drives a
 * vantage by the event loop until every block is decided or a signal comes, and
 * ends with its target and vantage records. A progress line goes to standard
 * error when that is a terminal.
 */
struct live_config {
	struct probing *probing;
	const struct conf_probing *options;
	struct record_sink sink;
};

#define LIVE_BOOT_TEXT 33

/* A new id for this start, in hexadecimal digits. */
void live_boot_id(char text[LIVE_BOOT_TEXT]);

/*
 * Returns 0 when the check ran (whatever it found, interrupted or not);
 * BW_ERR_PRIVILEGE; what network_open(), vantage_new() and loop_new() say.
 */
int live_run(const struct live_config *config, struct bw_err *err);

#endif
