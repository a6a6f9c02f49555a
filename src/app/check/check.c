/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/check/check_run.h"
#include "app/check/dry_run.h"
#include "app/common/exit.h"
#include "app/common/terminal.h"
#include "report/check/check_exit.h"
#include "report/check/check_text.h"
#include "sys/disk/json_lines.h"
#include "sys/machine/clock.h"
#include "vantage/roster_weigh.h"

struct values {
	struct conf_probing common;
	struct output {
		bool json;
	} output;
};

static const struct options_item items[] = {
	{"json", 'j', OPTIONS_FLAG, offsetof(struct output, json), NULL, 0, 0, NULL,
	 "print records as JSON Lines, each as soon as it is decided"},
};
static const struct options_group groups[] = {
	{"Output", items, 1, offsetof(struct values, output)},
	CONF_PROBING_GROUP(offsetof(struct values, common)),
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch check kp", "is North Korea's Internet up now?"},
	{"blockwatch check --json kp | jq .verdict", "the same for machines"},
	{"blockwatch check --dry-run kp", "whom would that ask?"},
	{"blockwatch check --method tcp:443 192.0.2.0/24", "one prefix, by TCP SYN"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "up: every network of which anything is known"},
	{1, "flapping or partly dark"},
	{2, "dark: everything that is known of the target"},
	{3, "unknown: this machine cannot tell, for all of it or for a part"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "check",
	.operands = "TARGET...",
	.description =
		"Says whether targets are up now. Probes a few hosts of each block and ends by "
		"itself in seconds: as soon as it knows, and after about ten seconds where all is "
		"silent.\n"
		"A TARGET is a name on the target path ('kp'), a path to a target file or a plain "
		"list, a prefix or an address.\n"
		"A silent block is called dark only when at least three of its hosts (all, if "
		"fewer) stay silent over five seconds, when it is known beforehand that they "
		"answer, and when something else (a reference, the default gateway, another "
		"block) answers meanwhile. Otherwise it is unknown, with the reason.",
	.groups = groups,
	.operands_min = 1,
	.operands_max = -1,
	.examples = examples,
	.exits = exits,
};

/* Passes records on to the JSON Lines or the text, and computes the exit code from them. */
struct tee {
	struct record_sink sink;
	int status;
	bool any;
};

static void put_record(void *self, const struct record *record)
{
	struct tee *tee = self;

	tee->sink.put(tee->sink.self, record);
	if (record->type == RECORD_TARGET) {
		int status = check_exit(&record->target, 1);

		tee->status = tee->any ? check_exit_worse(tee->status, status) : status;
		tee->any = true;
	}
}

static int run_with(struct session *session, const struct conf_probing *common,
		    struct record_sink sink, int *ret_status, struct bw_err *err)
{
	struct tee tee = {.sink = sink, .status = CHECK_EXIT_UNKNOWN};
	int code = check_run(
		&(struct check_run_config){
			.session = session,
			.options = common,
			.sink = {.put = put_record, .self = &tee},
		},
		err);

	*ret_status = tee.status;
	return code;
}

static int run_json(struct session *session, const struct values *values, int *ret_status,
		    struct bw_err *err)
{
	struct json_lines lines;
	int code;

	json_lines_init(&lines, STDOUT_FILENO);
	code = run_with(session, &values->common, json_lines_sink(&lines), ret_status, err);
	if (code == 0 && json_lines_error(&lines) < 0)
		code = exit_stdout_failed(json_lines_error(&lines), err);
	return code;
}

static int run_text(struct session *session, const struct values *values, int *ret_status,
		    struct bw_err *err)
{
	struct check_text *text =
		check_text_new(terminal_paint(STDOUT_FILENO), terminal_width(STDOUT_FILENO));
	int code;

	if (!text)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = run_with(session, &values->common, check_text_sink(text), ret_status, err);
	if (code == 0 && check_text_print(text, stdout) < 0 && !ferror(stdout))
		code = bw_err_set(err, -ENOMEM, "out of memory");
	check_text_free(text);
	return code;
}

static int open_targets(struct session *session, const struct values *values,
			const struct options_result *result, struct bw_err *err)
{
	size_t count = (size_t)result->count;
	struct session_target *targets = calloc(count, sizeof(*targets));
	int code;

	*session = (struct session){0};
	if (!targets)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		targets[i] = (struct session_target){result->operands[i], &values->common.methods};
	code = session_open(session, &values->common, targets, count, err);
	free(targets);
	if (code == 0 && roster_weigh(&session->roster, clock_now().wall) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	return code;
}

static int check(void *parsed, const struct options_result *result, int *ret_status,
		 struct bw_err *err)
{
	const struct values *values = parsed;
	struct session session;
	int code = open_targets(&session, values, result, err);

	if (code == 0 && values->common.dry_run)
		dry_run_print(&session, values->output.json, stdout);
	else if (code == 0 && values->output.json)
		code = run_json(&session, values, ret_status, err);
	else if (code == 0)
		code = run_text(&session, values, ret_status, err);
	session_close(&session);
	return code;
}

static int run(int argc, char **argv)
{
	struct values values = {0};

	return command_run(&options, argc, argv, &values, check);
}

const struct command check_command = {"check", "say whether a country or network is up now", run};
