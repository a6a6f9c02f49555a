/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/ship.h"

#include "app/ship/ship_run.h"
#include "conf/options/common.h"

struct values {
	const char *config;
	bool until_empty, child;
	struct options_texts secrets;
};

static const struct options_item items[] = {
	{"config", 'c', OPTIONS_TEXT, offsetof(struct values, config), "FILE", 0, 0, NULL,
	 "the configuration of `run`; required"},
	{"until-empty", 0, OPTIONS_FLAG, offsetof(struct values, until_empty), NULL, 0, 0, NULL,
	 "end when every record of the spool is stored: 2xx over HTTP; in a stream, ten minutes "
	 "after its acknowledgement, or when a collector confirms it"},
};
static const struct options_item internal[] = {
	{"child", 0, OPTIONS_FLAG, offsetof(struct values, child), NULL, 0, 0, NULL,
	 "end when standard input ends"},
	{"secret", 0, OPTIONS_TEXTS, offsetof(struct values, secrets), "PATH=FD", 0, 0, NULL,
	 "read the file PATH of a sink from this descriptor"},
};
static const struct options_group groups[] = {
	{"Shipping", items, sizeof(items) / sizeof(items[0]), 0},
	{"Used by `run`, which starts it", internal, sizeof(internal) / sizeof(internal[0]), 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch ship --config /etc/blockwatch/blockwatch.json", "ship what `run` writes"},
	{"blockwatch ship --config F --until-empty", "ship what a dead vantage has left, and end"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "ended by SIGTERM or SIGINT, or everything is stored"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "ship",
	.operands = "",
	.description =
		"Ships the spool of `run` to the network sinks of its configuration: over HTTP, or "
		"into NATS JetStream. `run` starts it by itself, unless the configuration has "
		"\"ship\": \"external\".\n"
		"It reads tokens and keys, then gives up root and every capability (it becomes "
		"\"user\", else nobody), then connects. What a receiver does not take is sent "
		"again until it does. What it refuses for good is set aside in spool/refused.",
	.groups = groups,
	.operands_min = 0,
	.operands_max = 0,
	.examples = examples,
	.exits = exits,
};

static int run_ship(void *parsed, const struct options_result *result, int *ret_status,
		    struct bw_err *err)
{
	const struct values *values = parsed;
	const struct ship_run_options run = {values->until_empty, values->child, &values->secrets};
	struct conf_run conf;
	int code;

	(void)result;
	(void)ret_status;
	if (!values->config)
		return bw_err_set(err, BW_ERR_USAGE, "which configuration? Give --config FILE");
	code = conf_run_read(values->config, &conf, err);
	if (code == 0)
		code = ship_run(&conf, &run, err);
	conf_run_fini(&conf);
	return code;
}

static int run(int argc, char **argv)
{
	struct values values = {0};

	return command_run(&options, argc, argv, &values, run_ship);
}

const struct command ship_command = {"ship", "ship the records of `run` to the network sinks", run};
