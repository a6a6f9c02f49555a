/* SPDX-License-Identifier: Apache-2.0 */
#include "app/outlet.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/exit.h"
#include "app/probing.h"
#include "report/file_sink.h"
#include "report/json_lines.h"

struct outlet {
	struct file_sink **files; /* one a file sink of the configuration, in its order */
	size_t file_count;
	bool to_stdout, stdout_failed;
	struct json_lines lines;
	unsigned records; /* set of enum conf_run_record */
};

static unsigned bit_of(enum record_type type)
{
	switch (type) {
	case RECORD_BLOCK:
		return CONF_RUN_BLOCK;
	case RECORD_EVENT:
		return CONF_RUN_EVENT;
	case RECORD_TARGET:
		return CONF_RUN_TARGET;
	case RECORD_VANTAGE:
		return CONF_RUN_VANTAGE;
	case RECORD_PROBE:
		return CONF_RUN_PROBE;
	case RECORD_SURVEY:
		return 0;
	}
	return 0;
}

static struct file_sink_options options_of(const struct conf_run_sink *sink)
{
	return (struct file_sink_options){
		.path = sink->path,
		.max_size = sink->max_size,
		.max_age_ns = sink->max_age_ns,
		.keep = (unsigned)sink->keep,
	};
}

int outlet_new(const struct conf_run *conf, struct outlet **ret_outlet, struct bw_err *err)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	int code = 0;

	if (outlet)
		outlet->files = calloc(conf->sinks.count + 1, sizeof(struct file_sink *));
	if (!outlet || !outlet->files) {
		outlet_free(outlet);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	outlet->records = conf->records;
	json_lines_init(&outlet->lines, STDOUT_FILENO);
	for (size_t i = 0; i < conf->sinks.count && code == 0; i++) {
		struct file_sink_options options = options_of(&conf->sinks.list[i]);

		if (conf->sinks.list[i].type == CONF_RUN_STDOUT)
			outlet->to_stdout = true;
		else
			code = file_sink_new(&options, &outlet->files[outlet->file_count++], err);
	}
	if (code < 0) {
		outlet_free(outlet);
		return code;
	}
	*ret_outlet = outlet;
	return 0;
}

void outlet_free(struct outlet *outlet)
{
	if (!outlet)
		return;
	for (size_t i = 0; i < outlet->file_count; i++)
		file_sink_free(outlet->files[i]);
	free(outlet->files);
	free(outlet);
}

static void say_news(struct file_sink *sink)
{
	struct bw_err err;

	for (;;) {
		switch (file_sink_news(sink, &err)) {
		case FILE_SINK_NO_NEWS:
			return;
		case FILE_SINK_TROUBLE:
			(void)exit_say("run", &err);
			break;
		case FILE_SINK_BETTER:
			probing_warn("run: %s: works again after: %s", err.file, err.message);
			break;
		}
	}
}

static void put_to_stdout(struct outlet *outlet, const struct record *record)
{
	struct record_sink sink = json_lines_sink(&outlet->lines);

	sink.put(sink.self, record);
	if (json_lines_error(&outlet->lines) == 0 || outlet->stdout_failed)
		return;
	outlet->stdout_failed = true;
	probing_warn("run: cannot write to standard output: %s; records are lost there",
		     bw_error_text(json_lines_error(&outlet->lines)));
}

static void put(void *self, const struct record *record)
{
	struct outlet *outlet = self;

	if (!(outlet->records & bit_of(record->type)))
		return;
	if (outlet->to_stdout)
		put_to_stdout(outlet, record);
	for (size_t i = 0; i < outlet->file_count; i++) {
		struct record_sink sink = file_sink_sink(outlet->files[i]);

		sink.put(sink.self, record);
		say_news(outlet->files[i]);
	}
}

struct record_sink outlet_sink(struct outlet *outlet)
{
	return (struct record_sink){.put = put, .self = outlet};
}

/* The sinks themselves stay as they are; what changed in them needs a restart. */
int outlet_reopen(struct outlet *outlet, const struct conf_run *conf, struct bw_err *err)
{
	size_t file = 0;
	int code = 0;

	outlet->records = conf->records;
	for (size_t i = 0; i < conf->sinks.count && code == 0; i++) {
		struct file_sink_options options = options_of(&conf->sinks.list[i]);

		if (conf->sinks.list[i].type == CONF_RUN_FILE && file < outlet->file_count)
			code = file_sink_reopen(outlet->files[file++], &options, err);
	}
	return code;
}

void outlet_flush(struct outlet *outlet)
{
	for (size_t i = 0; i < outlet->file_count; i++) {
		(void)file_sink_flush(outlet->files[i]);
		say_news(outlet->files[i]);
	}
}
