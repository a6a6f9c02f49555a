/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/check.h"
#include "app/collect/launch.h"
#include "app/common/exit.h"
#include "app/common/program.h"
#include "app/replay/replay.h"
#include "app/run/run.h"
#include "app/ship/ship.h"
#include "app/simulate/simulate.h"
#include "app/survey/survey.h"
#include "app/targets/targets.h"
#include "app/trace/trace.h"

static const struct command *const commands[] = {
	&check_command,
	&run_command,
	&survey_command,
	&trace_command,
	&simulate_command,
	&replay_command,
	&ship_command,
	&launch_collect_command,
	&targets_command,
};

static const struct program blockwatch = {
	.name = "blockwatch",
	.purpose = "Watches from outside whether the networks of a country are up.",
	.commands = commands,
	.command_count = sizeof(commands) / sizeof(commands[0]),
};

int main(int argc, char **argv)
{
	exit_prepare();
	return exit_finish(program_run(&blockwatch, argc, argv));
}
