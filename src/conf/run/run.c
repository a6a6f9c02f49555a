/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run.h"

#include <errno.h>

#include <blockwatch/time.h>

#include "base/clean.h"
#include "conf/keys/print.h"
#include "conf/keys/schema.h"
#include "conf/run/run_files.h"
#include "conf/run/run_keys.h"
#include "conf/run/run_network.h"

static int refuse(const struct keys_place *place, int code, const char *field,
		  const char *message, struct bw_err *err)
{
	bw_err_set(err, code, "%s", message);
	bw_err_place(err, place->file, place->line, place->column, field);
	return code;
}

/* Only one sink can have standard output: lines of two would be the same, twice. */
static int check_sinks(const struct conf_run *conf, struct bw_err *err)
{
	const struct conf_run_sink *first = NULL;

	for (size_t i = 0; i < conf->sinks.count; i++) {
		const struct conf_run_sink *sink = &conf->sinks.list[i];

		if (sink->type == CONF_RUN_STDOUT && first)
			return refuse(&sink->place, BW_ERR_OVERLAP, "sinks",
				      "standard output is given twice: one sink is enough", err);
		if (sink->type == CONF_RUN_STDOUT)
			first = sink;
	}
	return 0;
}

/* What cannot be said of one key alone. */
static int check_together(const struct conf_run *conf, struct bw_err *err)
{
	if (conf->flapping.leave >= conf->flapping.enter)
		return refuse(&conf->flapping.place, BW_ERR_VALUE, "flapping",
			      "\"leave\" must be less than \"enter\"", err);
	if (check_sinks(conf, err) < 0)
		return BW_ERR_OVERLAP;
	return run_network_check(conf, err);
}

static double default_budget(int64_t round_ns)
{
	double round_s = (double)round_ns / (double)BW_S;

	if (round_s >= CONF_RUN_BUDGET_ROUND_S)
		return CONF_RUN_BUDGET;
	return CONF_RUN_BUDGET_PER_ROUND * 3600.0 / round_s;
}

/* A target takes from the whole what it has not said for itself. */
static void complete_target(const struct conf_run *conf, struct conf_run_target *target)
{
	if (target->round_ns == 0)
		target->round_ns = target->focus ? conf->focus_round_ns : conf->round_ns;
	if (target->confirm_ns == 0)
		target->confirm_ns = conf->confirm_ns;
	if (target->methods.count == 0)
		target->methods = conf->methods;
	if (target->limits.probes_per_block_hour == 0)
		target->limits = conf->limits;
	if (target->limits.probes_per_block_hour == 0)
		target->limits.probes_per_block_hour = default_budget(target->round_ns);
}

/* Flaws on their way to who wants them. */
struct counted {
	const struct document_flaws *flaws;
	unsigned count;
};

static void count_flaw(void *self, const struct bw_err *err)
{
	struct counted *counted = self;

	counted->count++;
	counted->flaws->add(counted->flaws->self, err);
}

/* FLAWS: NULL, or who wants all of them. Keys are compared when each of them was read. */
static int read_conf(struct conf_run *conf, const struct run_files_text *text,
		     const struct document_flaws *flaws, struct bw_err *err)
{
	struct counted counted = {.flaws = flaws};
	const struct document_flaws counting = {count_flaw, &counted};
	int result = keys_init(&run_keys, conf, &conf->pool);

	if (result < 0)
		bw_err_set(err, result, "out of memory");
	else
		result = run_files_read(conf, text, flaws ? &counting : NULL, err);
	if (result == 0 && counted.count == 0)
		result = check_together(conf, err);
	for (size_t i = 0; i < conf->targets.count && result == 0; i++)
		complete_target(conf, &conf->targets.list[i]);
	return result;
}

int conf_run_read(const char *path, struct conf_run *conf, struct bw_err *err)
{
	return read_conf(conf, &(struct run_files_text){.path = path}, NULL, err);
}

int conf_run_read_all(const char *path, struct conf_run *conf, const struct document_flaws *flaws,
		      struct bw_err *err)
{
	return read_conf(conf, &(struct run_files_text){.path = path}, flaws, err);
}

int conf_run_parse(const char *bytes, size_t length, const char *file_name,
		   struct conf_run *conf, struct bw_err *err)
{
	return read_conf(conf, &(struct run_files_text){file_name, bytes, length}, NULL, err);
}

void conf_run_fini(struct conf_run *conf)
{
	if (!conf)
		return;
	pool_fini(&conf->pool);
	*conf = (struct conf_run){.vantage = NULL};
}

void conf_run_check_print(const struct conf_run *conf, FILE *out)
{
	clean_print(conf->files.list[0].text, out);
	fputs(" is valid", out);
	for (size_t i = 1; i < conf->files.count; i++) {
		fputs(i == 1 ? ", with " : ", ", out);
		clean_print(conf->files.list[i].text, out);
	}
	fputs(". This holds:\n\n", out);
	keys_print_values(&run_keys, conf, out);
}

const char *conf_run_restart_needed(const struct conf_run *before, const struct conf_run *after)
{
	return keys_restart_needed(&run_keys, before, after);
}

int conf_run_print_schema(FILE *out)
{
	return keys_print_schema(&run_keys, "urn:blockwatch:config:1",
				 "blockwatch run: configuration file, version 1", out);
}
