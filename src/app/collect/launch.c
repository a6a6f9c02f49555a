/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/launch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/common/exit.h"

#define PROGRAM "blockwatch-collector"

/* The one beside this program comes before those on PATH. */
static void run_beside(char **argv)
{
	char path[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (length <= 0)
		return;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash + 1 - path) + sizeof(PROGRAM) > sizeof(path))
		return;
	memcpy(slash + 1, PROGRAM, sizeof(PROGRAM));
	execv(path, argv);
}

static int launch(int argc, char **argv)
{
	struct bw_err err;

	(void)argc;
	run_beside(argv);
	execvp(PROGRAM, argv);
	bw_err_set(&err, BW_ERR_UNAVAILABLE,
		   "cannot run " PROGRAM ": %s. It is a program of its own: is it installed?",
		   strerror(errno));
	return exit_with_error("collect", &err);
}

const struct command launch_collect_command = {
	"collect", "collect the records of many vantages, merge and serve them", launch};
