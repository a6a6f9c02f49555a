/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/command.h"

#include "app/common/exit.h"
#include "conf/options/options_help.h"
#include "version.h"

bool command_parse(const struct options_command *command, int argc, char **argv, void *values,
		   struct options_result *ret_result, int *ret_status)
{
	struct bw_err err;
	int result = options_parse(command, argc, argv, values, ret_result, &err);

	*ret_status = 0;
	if (result < 0) {
		*ret_status = exit_with_error(command->name, &err);
		return false;
	}
	switch (ret_result->action) {
	case OPTIONS_RUN:
		return true;
	case OPTIONS_HELP:
		options_help(command, stdout);
		return false;
	case OPTIONS_VERSION:
		puts("blockwatch " BW_VERSION);
		return false;
	}
	return false;
}

int command_run(const struct options_command *command, int argc, char **argv, void *values,
		command_body body)
{
	struct options_result result;
	struct bw_err err;
	int status;

	if (!command_parse(command, argc, argv, values, &result, &status))
		return status;
	if (body(values, &result, &status, &err) < 0)
		return exit_with_error(command->name, &err);
	return status;
}
