/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CHECK_CHECK_H
#define APP_CHECK_CHECK_H

#include "app/common/command.h"

/*
 * `blockwatch check TARGET...`: says whether targets are up now, and ends.
 *
 * check.c has the options and the exit codes. check_run runs the check against the network;
 * dry_run prints what it would probe. What is printed is in report/check: the words, the
 * text, and the exit codes 0 to 3 (check_exit.h).
 */
extern const struct command check_command;

#endif
