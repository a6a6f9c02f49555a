/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect.h"

#include <stdio.h>
#include <string.h>

#include "app/collect/collect_check.h"
#include "app/collect/collect_config.h"
#include "app/collect/collect_copy.h"
#include "app/collect/collect_serve.h"
#include "app/collect/collect_store.h"
#include "conf/options/common.h"
#include "sys/machine/privilege.h"

struct values {
	const char *config, *backup, *restore;
	bool check_config;
};

static const struct options_item items[] = {
	{"config", 'c', OPTIONS_TEXT, offsetof(struct values, config), "FILE", 0, 0, NULL,
	 "the configuration; required"},
	{"check-config", 0, OPTIONS_FLAG, offsetof(struct values, check_config), NULL, 0, 0, NULL,
	 "say what holds, or what is wrong with file, line and key, and end"},
	{"backup", 0, OPTIONS_TEXT, offsetof(struct values, backup), "FILE", 0, 0, NULL,
	 "copy the database to FILE, also while the collector runs, and end; a FILE that is there "
	 "is replaced, unless it is no regular file or the collector uses it"},
	{"restore", 0, OPTIONS_TEXT, offsetof(struct values, restore), "FILE", 0, 0, NULL,
	 "put a copy of FILE, made by --backup, in the place of the database, with the same owner "
	 "and mode, and end; no collector may use the database meanwhile"},
};
static const struct options_group groups[] = {
	{"Collector", items, sizeof(items) / sizeof(items[0]), 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch collect --config /etc/blockwatch/collector.json", "collect and serve"},
	{"blockwatch collect --config F --backup /backup/collector.db", "a copy that is whole"},
	{"blockwatch collect --config F --restore /backup/collector.db", "that copy again"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "ended by SIGTERM or SIGINT, the configuration is right, or the copy is made"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "collect",
	.operands = "",
	.description =
		"Takes the records of many vantages over HTTP, each exactly once, keeps them in a "
		"database and serves what they say.\n"
		"SIGTERM and SIGINT end it; what was answered with 200 is stored.",
	.groups = groups,
	.operands_min = 0,
	.operands_max = 0,
	.examples = examples,
	.exits = exits,
};

static int check(const struct collect_config *config, struct bw_err *err)
{
	int code = collect_check(config, err);

	/* The database as its user finds it. */
	if (code == 0 && config->conf.user)
		code = privilege_give_up(config->conf.user, err);
	if (code == 0)
		code = collect_store_check(config, err);
	if (code < 0)
		return code;
	printf("%s is valid. This holds:\n\n", config->path);
	conf_collect_print(&config->conf, stdout);
	fflush(stdout);
	collect_check_warn(config);
	collect_check_warn_quorum(config);
	return 0;
}

static int run_collector(void *parsed, const struct options_result *result, int *ret_status,
			 struct bw_err *err)
{
	const struct values *values = parsed;
	struct collect_config config = {.path = values->config};
	int code;

	(void)result;
	(void)ret_status;
	if (!values->config)
		return bw_err_set(err, BW_ERR_USAGE, "which configuration? Give --config FILE");
	if (values->check_config + (values->backup != NULL) + (values->restore != NULL) > 1)
		return bw_err_set(err, BW_ERR_USAGE,
				  "give one of --check-config, --backup and --restore");
	code = collect_config_read(values->config, &config, err);
	if (code == 0 && values->backup)
		code = collect_copy_backup(&config, values->backup, err);
	else if (code == 0 && values->restore)
		code = collect_copy_restore(&config, values->restore, err);
	else if (code == 0 && values->check_config)
		code = check(&config, err);
	else if (code == 0)
		code = collect_serve(&config, err);
	collect_config_fini(&config);
	return code;
}

static int run(int argc, char **argv)
{
	struct values values = {NULL};

	return command_run(&options, argc, argv, &values, run_collector);
}

const struct command collect_command = {"collect", "collect the records of many vantages", run};
