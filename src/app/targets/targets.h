/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_H
#define APP_TARGETS_TARGETS_H

#include "app/common/command.h"

/*
 * `blockwatch targets list|show|validate`: looks after target files. Opens no network.
 *
 * targets.c has the options and the subcommands; targets_show has what `show` prints.
 */
extern const struct command targets_command;

#endif
