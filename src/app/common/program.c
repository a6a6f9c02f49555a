/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/program.h"

#include <stdio.h>
#include <string.h>

#include "app/common/exit.h"
#include "base/suggest.h"
#include "version.h"

static void print_usage(const struct program *program)
{
	printf("usage: %s COMMAND [OPTION...] [ARGUMENT...]\n"
	       "\n"
	       "%s\n"
	       "\n"
	       "Commands:\n",
	       program->name, program->purpose);
	for (size_t i = 0; i < program->command_count; i++)
		printf("  %-10s %s\n", program->commands[i]->name, program->commands[i]->summary);
	printf("\n"
	       "'%s COMMAND --help' says more of a command.\n"
	       "'%s --version' prints the version.\n",
	       program->name, program->name);
}

static int refuse(const struct program *program, const char *what, const char *given)
{
	struct suggest suggest;
	struct bw_err err;

	suggest_init(&suggest, given);
	for (size_t i = 0; i < program->command_count; i++)
		suggest_offer(&suggest, program->commands[i]->name);
	if (suggest.best)
		bw_err_set(&err, BW_ERR_USAGE, "unknown %s '%.60s', did you mean '%s'?", what,
			   given, suggest.best);
	else
		bw_err_set(&err, BW_ERR_USAGE, "unknown %s '%.60s', see '%s --help'", what, given,
			   program->name);
	return exit_with_error(NULL, &err);
}

static int refuse_none(const struct program *program)
{
	struct bw_err err;

	bw_err_set(&err, BW_ERR_USAGE, "which command? See '%s --help'", program->name);
	return exit_with_error(NULL, &err);
}

const struct command *program_find(const struct program *program, const char *name)
{
	for (size_t i = 0; i < program->command_count; i++)
		if (strcmp(program->commands[i]->name, name) == 0)
			return program->commands[i];
	return NULL;
}

static int run_command(const struct program *program, int argc, char **argv)
{
	const struct command *command = program_find(program, argv[0]);

	return command ? command->run(argc, argv) : refuse(program, "command", argv[0]);
}

/* `help COMMAND` is `COMMAND --help`, and `help COMMAND SUBCOMMAND` `COMMAND SUBCOMMAND --help`. */
static int run_help(const struct program *program, int argc, char **argv)
{
	char option[] = "--help", *arguments[] = {NULL, option, option, NULL};

	if (argc < 2) {
		print_usage(program);
		return 0;
	}
	arguments[0] = argv[1];
	if (argc > 2)
		arguments[1] = argv[2];
	return run_command(program, argc > 2 ? 3 : 2, arguments);
}

int program_run(const struct program *program, int argc, char **argv)
{
	if (argc < 2)
		return refuse_none(program);
	argc--;
	argv++;
	if (strcmp(argv[0], "help") == 0)
		return run_help(program, argc, argv);
	if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)
		return run_help(program, 1, argv);
	if (strcmp(argv[0], "--version") == 0 || strcmp(argv[0], "-V") == 0) {
		printf("%s %s\n", program->name, BW_VERSION);
		return 0;
	}
	if (argv[0][0] == '-')
		return refuse(program, "option", argv[0]);
	return run_command(program, argc, argv);
}
