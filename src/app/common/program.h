/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_PROGRAM_H
#define APP_COMMON_PROGRAM_H

#include <stddef.h>

#include "app/common/command.h"

/* A program is a table of commands. Each main has one. */
struct program {
	const char *name;
	const char *purpose;                   /* one sentence for --help */
	const struct command *const *commands; /* in the order of --help */
	size_t command_count;
};

/* Returns the command with this name, or NULL. */
const struct command *program_find(const struct program *program, const char *name);

/*
 * Runs what the arguments of main() ask for: a command, `help`, --help or --version.
 * Returns the exit code: that of the command, or EXIT_USAGE with a message for an unknown
 * command or option.
 */
int program_run(const struct program *program, int argc, char **argv);

#endif
