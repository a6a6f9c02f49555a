/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A replay reads the captures twice. The first time it collects which hosts were probed by
 * whom; from that come the blocks to judge, if no target is given, and the address of the
 * vantage. The second time it feeds the frames, with the time of the capture, to
 * vantage/replay, which gives the records.
 *
 * A capture that cannot be read does not stop the others. Its error is logged once, in the
 * first reading, and becomes the exit code at the end.
 */
#include "app/replay/replay_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/common/exit.h"
#include "app/common/log.h"
#include "app/common/notes.h"
#include "app/replay/replay_print.h"
#include "sys/disk/json_lines.h"
#include "sys/rx/capture_file.h"
#include "target/catalog/catalog_references.h"
#include "vantage/replay/capture_target.h"
#include "version.h"

#define FALSE_DARK_PER_YEAR 0.1 /* the default of `run` */
#define TARGET_NAME "capture"   /* of the target that is made from a capture */
#define OPTIONS_TEXT_MAX 2048

/* One replay, from files to records. */
struct job {
	const struct replay_options *values;
	struct capture_file *capture_file;
	struct capture_index *index;
	struct bw_target **targets;
	size_t target_count;
	struct catalog_references references;
	struct roster roster;
	struct replay *replay;
	int status; /* exit code of the first bad file, or 0 */
	bool quiet; /* bad files have been logged */
};

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

static void say_file(struct job *job, const struct bw_err *err)
{
	int status;

	if (job->quiet)
		return;
	status = exit_with_error("replay", err);
	if (job->status == 0)
		job->status = status;
}

static int open_files(struct job *job, char *const *paths, size_t count, struct bw_err *err)
{
	int opened = 0;

	job->capture_file = capture_file_new();
	job->index = capture_index_new();
	if (!job->capture_file || !job->index)
		return out_of_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct bw_err bad;

		if (capture_file_add(job->capture_file, paths[i], &bad) < 0)
			say_file(job, &bad);
		else
			opened++;
	}
	return opened;
}

static void ignore_gap(void *self)
{
	(void)self;
}

static void on_error(void *self, const struct bw_err *err)
{
	struct job *job = self;

	say_file(job, err);
}

static void on_warning(void *self, const struct bw_err *err)
{
	const struct job *job = self;

	if (!job->quiet)
		log_error("replay", err);
}

static int on_indexed_frame(void *self, const struct bw_rx *rx, struct bw_now now)
{
	const struct job *job = self;

	return capture_index_add(job->index, rx, now);
}

static int read_index(struct job *job, struct bw_err *err)
{
	struct capture_file_handlers sink = {on_indexed_frame, ignore_gap, on_error, on_warning,
					     job};
	struct bw_addr given[2] = {job->values->vantage.v4, job->values->vantage.v6};
	int code = capture_file_read(job->capture_file, &sink);

	job->quiet = true;
	if (code == BW_ERR_LIMIT)
		return bw_err_set(err, code, "more than %u hosts are asked; give a part of it",
				  CAPTURE_INDEX_HOSTS_MAX);
	if (code < 0)
		return out_of_memory(err);
	return capture_index_choose(job->index, given, err);
}

static int read_targets(struct job *job, const struct catalog *catalog, struct bw_err *err)
{
	const struct options_texts *names = &job->values->targets;
	const struct options_texts *references = &job->values->references;
	int code = 0;

	job->targets = calloc(names->count + 1, sizeof(struct bw_target *));
	if (!job->targets)
		return out_of_memory(err);
	for (; job->target_count < names->count; job->target_count++) {
		code = catalog_resolve(catalog, names->list[job->target_count],
				       &job->targets[job->target_count], err);
		if (code < 0)
			return code;
		notes_log(job->targets[job->target_count]);
	}
	if (names->count == 0) {
		job->targets[0] = capture_target(job->index, TARGET_NAME);
		if (!job->targets[0])
			return out_of_memory(err);
		job->target_count = 1;
	}
	for (size_t i = 0; i < references->count && code >= 0; i++)
		code = catalog_add_reference(catalog, references->list[i], &job->references, err);
	for (size_t i = 0; i < job->target_count && code >= 0; i++)
		code = catalog_references(catalog, job->targets[i], &job->references, err);
	return code < 0 ? code : 0;
}

static int make_roster(struct job *job, struct bw_err *err)
{
	struct catalog_environment environment = catalog_environment();
	struct catalog *catalog = catalog_new(&environment);
	struct roster_options roster = {.seed = 1};
	int code = catalog ? read_targets(job, catalog, err) : out_of_memory(err);

	catalog_free(catalog);
	if (code < 0)
		return code;
	return roster_init(&job->roster, (const struct bw_target *const *)job->targets,
			   job->target_count, &roster, err);
}

/* Writes what the records depend on besides the capture: a part of their boot id. */
static void format_options(const struct job *job, char text[OPTIONS_TEXT_MAX])
{
	const struct replay_options *values = job->values;
	int length = snprintf(text, OPTIONS_TEXT_MAX, "%s %s %lld %lld %lld", BW_VERSION,
			      values->name, (long long)values->round_ns,
			      (long long)values->confirm_ns, (long long)values->timeout_ns);

	for (size_t i = 0; i < values->targets.count && length < OPTIONS_TEXT_MAX; i++)
		length += snprintf(text + length, (size_t)(OPTIONS_TEXT_MAX - length), " %s",
				   values->targets.list[i]);
}

static int on_frame(void *self, const struct bw_rx *rx, struct bw_now now)
{
	const struct job *job = self;

	replay_receive(job->replay, rx, now);
	return 0;
}

static void on_gap(void *self)
{
	const struct job *job = self;

	replay_gap(job->replay);
}

/*
 * The parameters of `run`. But nothing is known at the start of a capture, as at that of a
 * check, so that a block needs at least as much evidence as in a check before it is dark.
 */
static struct infer_params params_of(const struct replay_options *values)
{
	struct infer_params params = infer_params_rounds(FALSE_DARK_PER_YEAR);
	struct infer_params check = infer_params_default();

	params.confirm_ns = values->confirm_ns;
	params.timeout_ns = values->timeout_ns;
	params.start_nats = check.start_nats;
	if (params.dark_nats < check.dark_nats)
		params.dark_nats = check.dark_nats;
	return params;
}

static int run_replay(struct job *job, struct record_sink sink, struct bw_err *err)
{
	struct capture_file_handlers frames = {on_frame, on_gap, on_error, on_warning, job};
	char boot[CAPTURE_INDEX_ID_TEXT], text[OPTIONS_TEXT_MAX];
	struct replay_config config = {
		.name = job->values->name,
		.boot = boot,
		.version = BW_VERSION,
		.index = job->index,
		.roster = &job->roster,
		.references = job->references.list,
		.reference_count = job->references.count,
		.params = params_of(job->values),
		.round_ns = job->values->round_ns,
		.sink = sink,
	};
	int code;

	format_options(job, text);
	capture_index_id(job->index, text, boot);
	code = replay_new(&config, &job->replay, err);
	if (code < 0)
		return code;
	code = capture_file_read(job->capture_file, &frames);
	if (code < 0)
		return bw_err_set(err, code, "reading again failed");
	replay_finish(job->replay);
	return 0;
}

/* Standard output has records only. */
static void say_unread(const struct job *job)
{
	char unread[CAPTURE_INDEX_UNREAD_TEXT];

	if (capture_index_unread(job->index, unread))
		log_warn("replay: not read: %s", unread);
}

static int run_json(struct job *job, struct bw_err *err)
{
	struct json_lines lines;
	int code;

	json_lines_init(&lines, STDOUT_FILENO);
	code = run_replay(job, json_lines_sink(&lines), err);
	if (code == 0 && json_lines_error(&lines) < 0)
		code = exit_stdout_failed(json_lines_error(&lines), err);
	if (code == 0)
		say_unread(job);
	return code;
}

static int run_text(struct job *job, struct bw_err *err)
{
	struct replay_print print;
	int code = replay_print_init(&print, (const struct bw_target *const *)job->targets,
				     job->target_count);

	if (code < 0)
		return out_of_memory(err);
	replay_print_head(job->index);
	code = run_replay(job, replay_print_sink(&print), err);
	if (code == 0) {
		if (replay_print_end(&print, job->index, job->replay) < 0)
			code = out_of_memory(err);
	}
	replay_print_fini(&print);
	return code;
}

static int run_job(struct job *job, char *const *files, size_t count, struct bw_err *err)
{
	int code = open_files(job, files, count, err);

	if (code <= 0)
		return code;
	code = read_index(job, err);
	if (code == 0)
		code = make_roster(job, err);
	if (code == 0)
		code = job->values->json ? run_json(job, err) : run_text(job, err);
	return code;
}

static void close_job(struct job *job)
{
	replay_free(job->replay);
	roster_fini(&job->roster);
	catalog_references_fini(&job->references);
	for (size_t i = 0; i < job->target_count; i++)
		bw_target_free(job->targets[i]);
	free(job->targets);
	capture_index_free(job->index);
	capture_file_free(job->capture_file);
}

int replay_run(const struct replay_options *options, char *const *files, size_t count,
	       int *ret_status, struct bw_err *err)
{
	struct job job = {.values = options};
	int code = run_job(&job, files, count, err);

	if (code < 0 && job.status) { /* the first file that was bad decides the exit code */
		if (capture_index_frames(job.index) > 0)
			log_error("replay", err);
		code = 0;
	}
	*ret_status = job.status;
	close_job(&job);
	return code;
}
