/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_DAEMON_H
#define APP_RUN_DAEMON_H

#include "conf/run/run.h"

/*
 * Watches the targets of a configuration until SIGTERM or SIGINT; then state is saved and
 * sinks are flushed. SIGHUP reloads (app/run/reload.h). SIGUSR1 writes a record of every
 * block and target and of the vantage, and logs what each sink has written and lost.
 *
 * PATH is where CONF was read from. Takes CONF over and frees it. Returns 0, or the error
 * that ended it.
 */
int daemon_run(const char *path, struct conf_run *conf, struct bw_err *err);

#endif
