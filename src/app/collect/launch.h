/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_LAUNCH_H
#define APP_COLLECT_LAUNCH_H

#include "app/common/command.h"

/*
 * `blockwatch collect`: becomes blockwatch-collector with the same arguments. The collector is a
 * program of its own, so that no web server and no database lives where raw sockets are.
 */
extern const struct command launch_collect_command;

#endif
