/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_DAEMON_H
#define APP_DAEMON_H

#include "conf/run/run.h"

/*
 * The daemon: watches the targets of a configuration for ever. SIGTERM and SIGINT
 * end it (state saved, sinks flushed), SIGHUP reloads configuration, targets and
 * block list all or nothing, SIGUSR1 puts out a record of all that is known.
 * Takes over CONF and frees it. Returns 0 or the error that ended it.
 */
int daemon_run(const char *path, struct conf_run *conf, struct bw_err *err);

#endif
