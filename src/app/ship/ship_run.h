/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_SHIP_RUN_H
#define APP_SHIP_SHIP_RUN_H

#include <stdbool.h>

#include "conf/run/run.h"

struct ship_run_options {
	bool until_empty;                    /* end when all is stored */
	bool child;                          /* of `run`: end when standard input ends */
	const struct options_texts *secrets; /* arguments of --secret, or NULL */
};

/*
 * Ships the spool of CONF to its network sinks until SIGTERM or SIGINT. Reads the secrets, gives up
 * all privileges (becomes "user" or nobody), then opens connections. Returns 0, or the error that
 * ended it: BW_ERR_MISSING where there is no spool, BW_ERR_UNAVAILABLE when another `ship` is at
 * work on it.
 */
int ship_run(const struct conf_run *conf, const struct ship_run_options *options,
	     struct bw_err *err);

#endif
