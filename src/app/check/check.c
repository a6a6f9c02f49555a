/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/check/check_run.h"
#include "app/check/dry_run.h"
#include "app/common/exit.h"
#include "app/common/local_time.h"
#include "app/common/log.h"
#include "app/common/terminal.h"
#include "base/clean.h"
#include "report/check/check_exit.h"
#include "report/check/check_state.h"
#include "report/check/check_text.h"
#include "sys/disk/json_lines.h"
#include "sys/machine/clock.h"
#include "vantage/roster_weigh.h"

struct values {
	struct conf_probing common;
	struct output {
		bool json, quiet, verbose;
	} output;
	struct checking {
		bool wait, no_state, no_trace;
		const char *state;
	} checking;
};

static const struct options_item output_items[] = {
	{"json", 'j', OPTIONS_FLAG, offsetof(struct output, json), NULL, 0, 0, NULL,
	 "print records as JSON Lines, each as soon as it is decided"},
	{"quiet", 'q', OPTIONS_FLAG, offsetof(struct output, quiet), NULL, 0, 0, NULL,
	 "print the first line of each target only, and no warnings"},
	{"verbose", 'v', OPTIONS_FLAG, offsetof(struct output, verbose), NULL, 0, 0, NULL,
	 "also say what is known beforehand, and by which ways probes leave"},
};
static const struct options_item checking_items[] = {
	{"wait", 'w', OPTIONS_FLAG, offsetof(struct checking, wait), NULL, 0, 0, NULL,
	 "check again and again until each target is up, dark or partly dark; SIGINT and SIGTERM "
	 "end it, with what is known by then"},
	{"state", 0, OPTIONS_TEXT, offsetof(struct checking, state), "DIR", 0, 0, NULL,
	 "know what the daemon has learned that keeps its state in DIR, which is only read; "
	 "default: that of the installed service, if it may be read, and what earlier checks have "
	 "learned"},
	{"no-state", 0, OPTIONS_FLAG, offsetof(struct checking, no_state), NULL, 0, 0, NULL,
	 "know nothing beforehand, and keep nothing of what is learned"},
	{"no-trace", 0, OPTIONS_FLAG, offsetof(struct checking, no_trace), NULL, 0, 0, NULL,
	 "do not trace where the paths to what is dark end, which takes up to five seconds more"},
};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
static const struct options_group groups[] = {
	{"Output", output_items, COUNT(output_items), offsetof(struct values, output)},
	{"Checking", checking_items, COUNT(checking_items), offsetof(struct values, checking)},
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
		"silent. What is dark is traced, to say where its paths end.\n"
		"A TARGET is a name on the target path ('kp'), a path to a target file or a plain "
		"list, '-' for such a file on standard input, a prefix, or an address, which is "
		"checked alone. With --resolve it may be a host name.\n"
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

/* One run of the command. */
struct task {
	const struct values *values;
	struct session session;
	struct check_memory memory;
	struct record_sink sink;
	/* Of the targets of the last check: */
	int status;
	bool any, settled;
};

static bool is_settled(const struct record_target *target)
{
	switch (check_state(target)) {
	case CHECK_UP:
	case CHECK_PARTLY_DARK:
	case CHECK_DARK:
		return true;
	case CHECK_PARTLY_UNKNOWN:
	case CHECK_UNKNOWN:
	case CHECK_FLAPPING:
		return false;
	}
	return false;
}

/* Passes records on to the JSON Lines or the text, and computes the exit code from them. */
static void put_record(void *self, const struct record *record)
{
	struct task *task = self;

	task->sink.put(task->sink.self, record);
	if (record->type == RECORD_TARGET) {
		int status = check_exit(&record->target, 1);

		task->status = task->any ? check_exit_worse(task->status, status) : status;
		task->settled = is_settled(&record->target) && (task->settled || !task->any);
		task->any = true;
		if (task->values->checking.wait)
			log_detail("%s is %s", record->target.target,
				   check_state_name(check_state(&record->target)));
	}
}

static bool ends_waiting(void *self)
{
	struct task *task = self;
	bool settled = task->any && task->settled;

	task->any = false;
	return settled;
}

static int weigh(struct task *task, struct bw_err *err)
{
	if (roster_weigh(&task->session.roster, clock_now().wall) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

/* What was warned of in the first check is not repeated with each. */
static int renew(void *self, struct bw_err *err)
{
	struct task *task = self;
	int code;

	log_set_verbosity(true, false);
	code = session_renew(&task->session, &task->values->common, err);
	log_set_verbosity(task->values->output.quiet, task->values->output.verbose);
	return code < 0 ? code : weigh(task, err);
}

static int run_with(struct task *task, struct record_sink sink, struct bw_err *err)
{
	const struct values *values = task->values;

	task->sink = sink;
	task->status = CHECK_EXIT_UNKNOWN;
	return check_run(
		&(struct check_run_config){
			.session = &task->session,
			.options = &values->common,
			.memory = &task->memory,
			.sink = {.put = put_record, .self = task},
			.traces = !values->checking.no_trace &&
				  (values->output.json || !values->output.quiet),
			.is_settled = values->checking.wait ? ends_waiting : NULL,
			.renew = renew,
			.self = task,
		},
		err);
}

static int run_json(struct task *task, struct bw_err *err)
{
	struct json_lines lines;
	int code;

	json_lines_init(&lines, STDOUT_FILENO);
	code = run_with(task, json_lines_sink(&lines), err);
	if (code == 0 && json_lines_error(&lines) < 0)
		code = exit_stdout_failed(json_lines_error(&lines), err);
	return code;
}

/* What clocks show there now, of targets that name their time zone. */
static void print_local_times(const struct session *session)
{
	const struct roster *roster = &session->roster;
	struct bw_wall now = clock_now().wall;
	char utc[BW_WALL_TEXT], there[LOCAL_TIME_TEXT];

	bw_wall_format(now, utc);
	utc[10] = ' ';
	for (uint32_t i = 0; i < roster->target_count; i++) {
		const struct bw_target *target = roster->targets[i].target;
		struct local_time local;

		local_time_init(&local, &target, 1);
		if (*local_time_format(&local, target->name, now, there)) {
			printf("\nChecked at %.16s UTC%s: ", utc, there);
			clean_print(target->timezone, stdout);
			putchar('\n');
		}
		local_time_fini(&local);
	}
}

static int run_text(struct task *task, struct bw_err *err)
{
	struct check_text *text =
		check_text_new(terminal_paint(STDOUT_FILENO), terminal_width(STDOUT_FILENO));
	int code;

	if (!text)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (task->values->output.quiet)
		check_text_set_brief(text);
	code = run_with(task, check_text_sink(text), err);
	if (code == 0 && check_text_print(text, stdout) < 0 && !ferror(stdout))
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code == 0 && !task->values->output.quiet)
		print_local_times(&task->session);
	check_text_free(text);
	return code;
}

static int open_targets(struct task *task, const struct options_result *result, struct bw_err *err)
{
	const struct values *values = task->values;
	size_t count = (size_t)result->count;
	struct session_target *targets = calloc(count, sizeof(*targets));
	int code;

	if (!targets)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		targets[i] = (struct session_target){result->operands[i], &values->common.methods};
	code = session_open(&task->session, &values->common, targets, count, values->checking.wait,
			    err);
	free(targets);
	return code < 0 ? code : weigh(task, err);
}

static int open_memory(struct task *task, struct bw_err *err)
{
	const struct checking *checking = &task->values->checking;
	struct check_memory_config config =
		check_memory_config(checking->state, checking->no_state);

	return check_memory_open(&task->memory, &config, &task->session.roster, clock_now().wall,
				 err);
}

static void say_details(const struct task *task)
{
	const struct egress_set *egress = &task->session.egress;
	char source[BW_ADDR_TEXT];

	log_detail("known beforehand: hosts of %zu block%s", task->memory.memory.count,
		   task->memory.memory.count == 1 ? "" : "s");
	for (uint8_t i = 0; i < egress->count; i++)
		log_detail("probes leave by %s from %s", egress->list[i].interface,
			   bw_addr_format(&egress->list[i].source, source));
}

static int check(void *parsed, const struct options_result *result, int *ret_status,
		 struct bw_err *err)
{
	const struct values *values = parsed;
	struct task task = {.values = values};
	int code;

	if (values->checking.state && values->checking.no_state)
		return bw_err_set(err, BW_ERR_USAGE, "--state and --no-state: choose one");
	log_set_verbosity(values->output.quiet, values->output.verbose);
	code = open_targets(&task, result, err);
	if (code == 0)
		code = open_memory(&task, err);
	if (code == 0)
		say_details(&task);
	if (code == 0 && values->common.dry_run)
		code = dry_run_print(&task.session, &task.memory.memory, values->output.json,
				     stdout, err);
	else if (code == 0)
		code = values->output.json ? run_json(&task, err) : run_text(&task, err);
	if (code == 0 && !values->common.dry_run)
		*ret_status = task.status;
	check_memory_close(&task.memory);
	session_close(&task.session);
	return code;
}

static int run(int argc, char **argv)
{
	struct values values = {0};

	return command_run(&options, argc, argv, &values, check);
}

const struct command check_command = {"check", "say whether a country or network is up now", run};
