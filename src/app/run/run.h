/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_RUN_H
#define APP_RUN_RUN_H

#include "app/common/command.h"

/*
 * `blockwatch run --config FILE`: watches targets until a signal ends it.
 *
 * run.c has the options. The keys of FILE are in conf/run_keys. The daemon (daemon.h) drives
 * an instance (instance.h) and writes to the sinks.
 */
extern const struct command run_command;

#endif
