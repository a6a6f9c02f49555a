/* SPDX-License-Identifier: Apache-2.0 */
/* The beginning of a survey: whom it asks, where it goes on, and the way out. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/survey/survey_run.h"
#include "base/rng.h"

#define ONE_SENDER_PPS 100e3

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct survey_run *run = self;

	sweep_receive(run->sweep, rx);
}

static void on_answer(void *self, const struct sweep_answer *answer)
{
	struct survey_run *run = self;
	bool all_sent = sweep_progress(run->sweep) == sweep_total(run->sweep);

	survey_print_answer(&run->print, answer, run->now, all_sent);
}

/* What must be the same for one run to go on where another was. */
static uint64_t fingerprint(const struct survey_run *run)
{
	const struct survey_options *options = run->options;
	uint64_t print = sweep_space_fingerprint(run->job->input->space);

	for (unsigned i = 0; i < options->methods.count; i++)
		print = rng_mix(print ^ ((uint64_t)options->methods.list[i].protocol << 16 |
					 options->methods.list[i].port));
	print = rng_mix(print ^ options->passes);
	return rng_mix(print ^ ((uint64_t)options->shard_number << 32 | options->shards));
}

static int read_resume(struct survey_run *run, struct bw_err *err)
{
	const char *path = run->options->resume;
	uint64_t own = fingerprint(run);
	int code = path ? survey_resume_read(path, &run->before, err) : 0;

	if (code == 1 && (run->before.run != own ||
			  (run->options->seed && run->options->seed != run->before.seed))) {
		bw_err_set(err, BW_ERR_VALUE,
			   "this is of another survey (other addresses, methods, passes, shard or "
			   "seed); give the same arguments, or remove it to start anew");
		bw_err_place(err, path, 0, 0, NULL);
		return BW_ERR_VALUE;
	}
	run->seed = code == 1 ? run->before.seed : survey_seed(run->options);
	run->before.run = own;
	return code;
}

static int make_sweep(struct survey_run *run, struct bw_err *err)
{
	const struct survey_options *options = run->options;
	const struct survey_input *input = run->job->input;
	struct sweep_config config = {
		.space = input->space,
		.egress = input->egress,
		.egress_count = input->egress_count,
		.methods = &options->methods,
		.rate_pps = options->rate_pps,
		.shard = options->shard_number - 1,
		.shards = options->shards,
		.passes = (uint32_t)options->passes,
		.retries = (uint32_t)options->retries,
		.pause_ns = options->pause_ns,
		.cooldown_ns = options->cooldown_ns,
		.late_ns = options->timeout_ns,
		.key = siphash_key_random(),
		.on_answer = on_answer,
		.self = run,
	};
	int resumed = read_resume(run, err), code;

	if (resumed < 0)
		return resumed;
	config.seed = run->seed;
	code = sweep_new(&config, run->now.mono, &run->sweep, err);
	if (code < 0 || resumed == 0)
		return code;
	code = survey_resume_answers(options->resume, run->sweep, err);
	if (code == 0 && sweep_resume(run->sweep, run->before.place) < 0) {
		code = bw_err_set(err, BW_ERR_VALUE, "this is of another survey");
		bw_err_place(err, options->resume, 0, 0, NULL);
	}
	return code;
}

/* A second one pays where the first would be busy all the time, and has a processor. */
static unsigned count_senders(const struct survey_options *options)
{
	if (options->senders)
		return (unsigned)options->senders;
	return options->rate_pps > ONE_SENDER_PPS && sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
}

static int open_network(struct survey_run *run, struct bw_err *err)
{
	struct survey_input *input = run->job->input;
	struct network_config config = {
		.egress = input->egress,
		.egress_count = input->egress_count,
		.pinned = run->options->interface != NULL,
		.link = !run->options->layer3,
		.rate_pps = run->options->rate_pps,
		.senders = count_senders(run->options),
		.permit = &input->permit,
		.loop = run->loop,
		.on_frame = on_frame,
		.self = run,
	};
	struct senders_config blast = {
		.senders = config.senders,
		.permit = &input->permit,
		.source = sweep_source(run->sweep),
	};
	int code = network_open(&config, &run->network, err);

	blast.network = run->network;
	return code < 0 ? code : senders_new(&blast, &run->blast, err);
}

/* Asked now: to find out behind a survey of hours is too late. */
static int check_place(const char *path, struct bw_err *err)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	char folder[PATH_MAX] = ".";
	struct stat status;
	int code = 0;

	if (!path)
		return 0;
	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path),
			 path);
	/* What is there must be writable, what is not there must have a place. */
	if (stat(path, &status) < 0)
		code = access(folder, W_OK | X_OK) < 0 ? -errno : 0;
	else if (S_ISDIR(status.st_mode))
		code = -EISDIR;
	else
		code = access(path, W_OK) < 0 ? -errno : 0;
	if (code == 0)
		return 0;
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write there: %s", bw_error_text(code));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

static int check_places(const struct survey_options *options, struct bw_err *err)
{
	const char *const paths[] = {options->resume, options->write, options->summary};
	int code = 0;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && code == 0; i++)
		code = check_place(paths[i], err);
	return code;
}

int survey_begin(struct survey_run *run, struct bw_err *err)
{
	int code = check_places(run->options, err);

	if (code == 0)
		code = make_sweep(run, err);
	return code < 0 ? code : open_network(run, err);
}
