/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configurations of `run`: whatever the bytes, no fault; what is refused is refused
 * with a place and a message, what is accepted lies within the limits that the rest of
 * the program relies on, and can be printed. No file is opened: of a text that includes
 * others only its own keys are read.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "conf/run/run.h"
#include "conf/run/run_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAME "fuzz.json"

static void check_refusal(int code, const struct bw_err *err)
{
	assert(code < 0 && err->code == code);
	assert(err->message[0] && strcmp(err->file, NAME) == 0);
	assert(err->line > 0);
}

static bool is_within(int64_t ns, int64_t min, int64_t max)
{
	return ns >= min && ns <= max;
}

static void check_target(const struct conf_run_target *target)
{
	assert(target->target && target->target[0]);
	assert(is_within(target->round_ns, BW_S, 86400 * BW_S));
	assert(is_within(target->confirm_ns, BW_S / 2, 600 * BW_S));
	assert(target->limits.probes_per_block_hour > 0);
	assert(target->methods.count <= BW_METHODS_MAX);
}

static void check_sinks(const struct conf_run *conf)
{
	unsigned to_stdout = 0;

	for (size_t i = 0; i < conf->sinks.count; i++) {
		to_stdout += conf->sinks.list[i].type == CONF_RUN_STDOUT;
		assert(conf->sinks.list[i].type == CONF_RUN_STDOUT || conf->sinks.list[i].path);
	}
	assert(conf->sinks.count > 0 && to_stdout <= 1);
}

static void check_print(const struct conf_run *conf)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	assert(file);
	conf_run_check_print(conf, file);
	fclose(file);
	assert(length > 0);
	free(text);
}

static void check_conf(const struct conf_run *conf)
{
	assert(conf->vantage && conf->vantage[0]);
	assert(conf->targets.count > 0 && conf->files.count == 1);
	for (size_t i = 0; i < conf->targets.count; i++)
		check_target(&conf->targets.list[i]);
	check_sinks(conf);
	assert(conf->rate_pps > 0 && conf->timeout_ns > 0 && conf->false_dark_per_year > 0);
	assert(conf->flapping.leave > 0 && conf->flapping.leave < conf->flapping.enter);
	assert(conf->flapping.half_life_ns > 0);
	assert(!conf_run_restart_needed(conf, conf));
	check_print(conf);
}

static bool includes(const struct document *document)
{
	const struct node root = node_root(document), include = node_member(&root, "include");

	return node_exists(&include);
}

static void read_keys(const struct document *document, struct bw_err *err)
{
	const struct node root = node_root(document);
	struct conf_run conf;
	int code = keys_init(&run_keys, &conf, &conf.pool);

	if (code == 0)
		code = keys_read(&run_keys, &root, &conf, &conf.pool);
	if (code == 0)
		code = keys_finish(&run_keys, &root, &conf, &conf.pool);
	if (code < 0)
		check_refusal(code, err);
	conf_run_fini(&conf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct bw_err err = {0};
	struct document document = {.file = NAME, .err = &err};
	struct conf_run conf;
	int code = document_parse(&document, &keys_form, text, size);

	if (code < 0) {
		check_refusal(code, &err);
	} else if (includes(&document)) {
		read_keys(&document, &err);
	} else {
		code = conf_run_parse(text, size, NAME, &conf, &err);
		if (code < 0)
			check_refusal(code, &err);
		else
			check_conf(&conf);
		conf_run_fini(&conf);
	}
	document_fini(&document);
	return 0;
}
