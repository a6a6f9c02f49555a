/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_COMMAND_H
#define APP_COMMON_COMMAND_H

#include "conf/options/options.h"

/*
 * One command of a program. The header of the command's room declares it
 * (`check_command` in app/check/check.h); the table of the program lists it (main.c).
 */
struct command {
	const char *name;
	const char *summary; /* its line in the program's --help */
	/* Runs the command. argv[0] is the command's name. Returns the exit code. */
	int (*run)(int argc, char **argv);
};

/*
 * Parses the arguments of a command, and handles what is the same for all commands: wrong
 * usage, --help, --version. Returns true if the command shall run, with VALUES and
 * RET_RESULT filled in. Returns false if the command is over; *RET_STATUS is its exit code.
 */
bool command_parse(const struct options_command *command, int argc, char **argv, void *values,
		   struct options_result *ret_result, int *ret_status);

/*
 * What a command does with parsed options. Sets *RET_STATUS, 0 at first, to its exit code.
 * Returns 0, or an error with a message in ERR, which then decides the exit code.
 */
typedef int (*command_body)(void *values, const struct options_result *result, int *ret_status,
			    struct bw_err *err);

/*
 * Parses the arguments of a command into VALUES, which are zeroed at first, and calls BODY
 * with them. Logs the error that BODY returns. Returns the exit code.
 */
int command_run(const struct options_command *command, int argc, char **argv, void *values,
		command_body body);

#endif
