/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_CONFIG_CHECK_CONFIG_H
#define APP_RUN_CONFIG_CHECK_CONFIG_H

#include <stdio.h>

#include "app/run/config/run_config.h"

/*
 * --check-config: reads the configuration at PATH and all that it names into CONFIG, as the user
 * that it names if this process is root, and logs each flaw that would stop a start or a reload.
 * Without a flaw, prints what holds and what it costs to OUT. Creates and locks nothing, so it may
 * run beside the daemon. Sets *RET_STATUS to the exit code of the first flaw, or 0. Returns 0, or
 * an error of conf_run_read_all() or roster_init() with a message.
 */
int check_config(const char *path, struct run_config *config, FILE *out, int *ret_status,
		 struct bw_err *err);

#endif
