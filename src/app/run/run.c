/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/run.h"

#include <stdio.h>

#include "app/run/config/check_config.h"
#include "app/run/daemon.h"
#include "app/ship/connect.h"
#include "conf/options/common.h"

struct values {
	const char *config;
	bool check_config, connect;
};

static const struct options_item items[] = {
	{"config", 'c', OPTIONS_TEXT, offsetof(struct values, config), "FILE", 0, 0, NULL,
	 "the configuration; required"},
	{"check-config", 0, OPTIONS_FLAG, offsetof(struct values, check_config), NULL, 0, 0, NULL,
	 "say what holds and what it costs, or what is wrong with file, line and key, and end"},
	{"connect", 0, OPTIONS_FLAG, offsetof(struct values, connect), NULL, 0, 0, NULL,
	 "with --check-config: also send each network sink an empty request"},
};
static const struct options_group groups[] = {
	{"Daemon", items, sizeof(items) / sizeof(items[0]), 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch run --config /etc/blockwatch/blockwatch.json", "watch, records to the sinks"},
	{"blockwatch run --config F --check-config", "is F right, and what does it mean?"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "ended by SIGTERM or SIGINT, or the configuration is right"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "run",
	.operands = "",
	.description =
		"Watches targets for ever and says when blocks, networks and targets go dark, flap "
		"and return, as JSON Lines to standard output or files.\n"
		"SIGHUP reloads configuration, targets and block list, all or nothing; SIGUSR1 "
		"puts out a record of everything; SIGTERM and SIGINT end it with all saved.",
	.groups = groups,
	.operands_min = 0,
	.operands_max = 0,
	.examples = examples,
	.exits = exits,
};

static int run_daemon(void *parsed, const struct options_result *result, int *ret_status,
		      struct bw_err *err)
{
	const struct values *values = parsed;
	struct run_config config = {.conf = {0}};
	int code;

	(void)result;
	if (!values->config)
		return bw_err_set(err, BW_ERR_USAGE, "which configuration? Give --config FILE");
	if (values->connect && !values->check_config)
		return bw_err_set(err, BW_ERR_USAGE, "--connect belongs to --check-config");
	if (values->check_config)
		code = check_config(values->config, &config, stdout, ret_status, err);
	else
		code = conf_run_read(values->config, &config.conf, err);
	if (code == 0 && *ret_status == 0 && values->connect)
		code = connect_sinks(&config.conf, stdout, err);
	if (code == 0 && !values->check_config)
		code = daemon_run(values->config, &config.conf, err);
	run_config_fini(&config);
	return code;
}

static int run(int argc, char **argv)
{
	struct values values = {0};

	return command_run(&options, argc, argv, &values, run_daemon);
}

const struct command run_command = {"run", "watch targets for ever and say what changes", run};
