/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "conf/options/options.h"

/* One command of the program, and where it lives. main.c lists those that there are. */
struct app_command {
	const char *name;
	const char *summary; /* one line of `blockwatch --help` */
	int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit status */
};

extern const struct app_command targets_command;
extern const struct app_command check_command;
extern const struct app_command run_command;
extern const struct app_command simulate_command;
extern const struct app_command survey_command;
extern const struct app_command replay_command;

/*
 * Parses a command's arguments and deals with what every command does alike: wrong
 * usage, --help, --version. True: go on with values and operands; false: the command
 * is over and *ret_status is its exit status.
 */
bool app_parse(const struct options_command *command, int argc, char **argv, void *values,
	       struct options_result *ret_result, int *ret_status);

#endif
