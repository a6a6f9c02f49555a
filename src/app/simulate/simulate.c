/* SPDX-License-Identifier: Apache-2.0 */
#include "app/simulate/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/common/exit.h"
#include "app/simulate/simulate_text.h"
#include "app/simulate/simulate_ways.h"
#include "conf/options/common.h"
#include "sim/reference/trinocular.h"
#include "sim/run/expect.h"
#include "sim/run/run.h"
#include "sim/score/score_json.h"
#include "sim/score/score_text.h"
#include "sys/disk/json_lines.h"
#include "target/file/file.h"

struct values {
	bool json, score;
	uint64_t seed;
	int64_t until_ns;
	const char *reference;
};

static const struct options_item items[] = {
	{"json", 'j', OPTIONS_FLAG, offsetof(struct values, json), NULL, 0, 0, NULL,
	 "print records as JSON Lines, as `run` would have"},
	{"score", 's', OPTIONS_FLAG, offsetof(struct values, score), NULL, 0, 0, NULL,
	 "print how what was said compares with the truth"},
	{"seed", 0, OPTIONS_COUNT, offsetof(struct values, seed), "N", 0, 9e15, NULL,
	 "another world of the same kind; default that of the scenario"},
	{"until", 0, OPTIONS_DURATION, offsetof(struct values, until_ns), "DURATION", 1,
	 366 * 86400, NULL, "stop early; what the scenario expects is not judged then"},
	{"reference", 0, OPTIONS_TEXT, offsetof(struct values, reference), "NAME", 0, 0, NULL,
	 "let another inference watch, for comparison: trinocular"},
};
static const struct options_group groups[] = {
	{"Simulation", items, sizeof(items) / sizeof(items[0]), 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch simulate kp-2014-12.json", "what would have been said that day?"},
	{"blockwatch simulate --score steady.json", "and how right would it have been?"},
	{"blockwatch simulate --score --reference trinocular steady.json",
	 "how does that compare with Trinocular?"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "everything came out as the scenario expects"},
	{1, "something did not, or the score breaks a limit"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "simulate",
	.operands = "SCENARIO",
	.description =
		"Runs the same engine and inference as `run` against a simulated Internet in "
		"virtual time, and prints what it says: without --json the events, in words. Needs "
		"no privilege and sends nothing.\n"
		"A SCENARIO is a JSON file that describes networks and their hosts, the ways to "
		"them, what goes wrong and when, and what is expected to come of it. The same "
		"scenario and seed give the same output, to the byte.",
	.groups = groups,
	.operands_min = 1,
	.operands_max = 1,
	.examples = examples,
	.exits = exits,
};

/* Passes the records on to the output, the expectations and the score. */
struct show {
	const struct values *values;
	struct simulation *simulation;
	struct expect *expect;
	struct score *score; /* NULL: neither printed nor judged */
	struct json_lines lines;
	struct local_time local;
	struct simulate_ways ways;
};

static void put_record(void *self, const struct record *record, struct bw_now now)
{
	struct show *show = self;
	struct record_sink sink;

	expect_record(show->expect, record, now.mono);
	if (show->score)
		score_record(show->score, record, now);
	if (show->values->json) {
		sink = json_lines_sink(&show->lines);
		sink.put(sink.self, record);
	} else if (record->type == RECORD_EVENT) {
		simulate_text_event(show->simulation, &show->local, record, stdout);
	} else if (record->type == RECORD_VANTAGE) {
		simulate_ways_take(&show->ways, record, stdout);
	} else if (record->type == RECORD_CONDITION) {
		simulate_text_condition(show->simulation, record, stdout);
	}
}

static void put_probe(void *self, const struct bw_addr *to, struct bw_mono at)
{
	struct show *show = self;

	score_probe(show->score, to, at);
}

static void print_score(const struct show *show, const struct score_sum *sum)
{
	char line[SCORE_LINE_MAX];

	if (!show->values->json) {
		putchar('\n');
		score_text_print(sum, stdout);
	} else if (score_json_encode(sum, show->values->reference ? "trinocular" : "blockwatch",
				     line, sizeof(line)) > 0) {
		fputs(line, stdout);
	}
}

/* Prints the score, and compares the outcome with what the scenario expects. */
static int judge(struct show *show, struct bw_mono end, int *ret_status, struct bw_err *err)
{
	const struct scenario *scenario = show->simulation->scenario;
	FILE *out = show->values->json ? stderr : stdout;
	struct score_sum sum;
	unsigned failed;

	if (!show->score)
		return 0;
	if (score_finish(show->score, end, &sum) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (show->values->score)
		print_score(show, &sum);
	if (show->values->until_ns || show->values->reference)
		return 0;
	failed = expect_finish(show->expect, out) + score_text_check(&sum, &scenario->score, out);
	*ret_status = failed > 0;
	return 0;
}

static int watch(struct show *show, int *ret_status, struct bw_err *err)
{
	const struct run_options run = {
		.until_ns = show->values->until_ns,
		.watcher = {put_record, show->score ? put_probe : NULL, show},
	};
	struct run_result result;
	int code;

	if (!show->values->json)
		simulate_text_begin(show->simulation, run_end(show->simulation, run.until_ns),
				    stdout);
	if (show->values->reference)
		code = trinocular_run(show->simulation, &run, &result, err);
	else
		code = run_simulation(show->simulation, &run, &result, err);
	if (code == 0)
		code = judge(show, result.end, ret_status, err);
	if (code == 0 && json_lines_error(&show->lines) < 0)
		code = exit_stdout_failed(json_lines_error(&show->lines), err);
	return code;
}

/* The score is needed to be printed, or to be compared with the limits of the scenario. */
static bool is_scored(const struct values *values)
{
	return values->score || (!values->until_ns && !values->reference);
}

static int show_scenario(const struct values *values, const struct scenario *scenario,
			 const struct catalog *catalog, int *ret_status, struct bw_err *err)
{
	struct show show = {.values = values};
	int code = simulation_new(scenario, &(struct simulation_options){catalog, values->seed},
				  &show.simulation, err);

	if (code < 0)
		return code;
	json_lines_init(&show.lines, STDOUT_FILENO);
	local_time_init(&show.local, (const struct bw_target *const *)show.simulation->targets,
			show.simulation->target_count);
	show.expect = expect_new(scenario);
	if (is_scored(values))
		show.score = score_new(show.simulation);
	if (show.expect && (show.score || !is_scored(values)))
		code = watch(&show, ret_status, err);
	else
		code = bw_err_set(err, -ENOMEM, "out of memory");
	expect_free(show.expect);
	score_free(show.score);
	local_time_fini(&show.local);
	simulation_free(show.simulation);
	return code;
}

static int read_scenario(const char *file, const struct scenario **ret_scenario, struct bw_err *err)
{
	size_t length;
	char *bytes;
	int code = file_read(file, &bytes, &length, err);

	if (code < 0)
		return code;
	code = scenario_parse(bytes, length, file, ret_scenario, err);
	free(bytes);
	return code;
}

static int simulate(void *parsed, const struct options_result *result, int *ret_status,
		    struct bw_err *err)
{
	struct catalog_environment environment = catalog_environment();
	const struct values *values = parsed;
	const struct scenario *scenario = NULL;
	struct catalog *catalog;
	int code;

	if (values->reference && strcmp(values->reference, "trinocular") != 0) {
		bw_err_set(err, BW_ERR_USAGE, "'%.40s' is not known: there is trinocular",
			   values->reference);
		bw_err_place(err, NULL, 0, 0, "--reference");
		return err->code;
	}
	code = read_scenario(result->operands[0], &scenario, err);
	if (code < 0)
		return code;
	catalog = catalog_new(&environment);
	if (catalog)
		code = show_scenario(values, scenario, catalog, ret_status, err);
	else
		code = bw_err_set(err, -ENOMEM, "out of memory");
	catalog_free(catalog);
	scenario_free(scenario);
	return code;
}

static int run(int argc, char **argv)
{
	struct values values = {0};

	return command_run(&options, argc, argv, &values, simulate);
}

const struct command simulate_command = {"simulate",
					 "watch a simulated Internet, and say how right it was",
					 run};
