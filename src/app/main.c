/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/common/command.h"
#include "app/common/exit.h"
#include "base/nearest.h"
#include "version.h"

static const struct app_command *const commands[] = {
	&check_command,
	&run_command,
	&survey_command,
	&simulate_command,
	&replay_command,
	&targets_command,
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(void)
{
	fputs("usage: blockwatch COMMAND [OPTION...] [ARGUMENT...]\n"
	      "\n"
	      "Watches from outside whether the networks of a country are up.\n"
	      "\n"
	      "Commands:\n",
	      stdout);
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n"
	      "'blockwatch COMMAND --help' says more of a command.\n"
	      "'blockwatch --version' prints the version.\n",
	      stdout);
}

static int refuse(const char *what, const char *given)
{
	struct nearest nearest;
	struct bw_err err;

	nearest_init(&nearest, given);
	for (size_t i = 0; i < COMMANDS; i++)
		nearest_offer(&nearest, commands[i]->name);
	if (nearest.best)
		bw_err_set(&err, BW_ERR_USAGE, "unknown %s '%.60s', did you mean '%s'?", what,
			   given, nearest.best);
	else
		bw_err_set(&err, BW_ERR_USAGE, "unknown %s '%.60s', see 'blockwatch --help'", what,
			   given);
	return exit_say(NULL, &err);
}

static int refuse_none(void)
{
	struct bw_err err;

	bw_err_set(&err, BW_ERR_USAGE, "which command? See 'blockwatch --help'");
	return exit_say(NULL, &err);
}

static const struct app_command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int run_named(int argc, char **argv)
{
	const struct app_command *command = find_command(argv[0]);

	return command ? command->run(argc, argv) : refuse("command", argv[0]);
}

/* `help COMMAND` is `COMMAND --help`. */
static int run_help(int argc, char **argv)
{
	char option[] = "--help", *arguments[] = {NULL, option, NULL};

	if (argc < 2) {
		print_usage();
		return 0;
	}
	arguments[0] = argv[1];
	return run_named(2, arguments);
}

static int run(int argc, char **argv)
{
	if (argc < 2)
		return refuse_none();
	argc--;
	argv++;
	if (strcmp(argv[0], "help") == 0)
		return run_help(argc, argv);
	if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)
		return run_help(1, argv);
	if (strcmp(argv[0], "--version") == 0) {
		puts("blockwatch " BW_VERSION);
		return 0;
	}
	return argv[0][0] == '-' ? refuse("option", argv[0]) : run_named(argc, argv);
}

int main(int argc, char **argv)
{
	exit_prepare();
	return exit_finish(run(argc, argv));
}
