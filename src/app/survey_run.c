/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A survey against the real network. Two threads: that of sys/blast sends what
 * probe/sweep builds; this one, the loop, takes frames out of the ring, gives them
 * to the sweep, prints what it says, and looks after signals and time.
 *
 * The chain of patience: a reader of standard output that is slow fills our
 * buffer; then no more frames are taken out of the ring; then the sender sees that
 * nobody reads and stops. When the reader goes on, all goes on, and no answer
 * is lost.
 *
 * An end has one way, whatever the reason (all asked, a signal, the time, an
 * interface or a disk that failed): the sender stops, answers that are under way
 * are taken in for a moment, everything is written that was asked for, and when
 * somebody was not asked, where it was.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/exit.h"
#include "app/probing.h"
#include "app/survey.h"
#include "app/survey_print.h"
#include "app/survey_resume.h"
#include "app/survey_write.h"
#include "app/terminal.h"
#include "base/rng.h"
#include "report/survey/survey_progress.h"
#include "sys/blast.h"
#include "sys/clock.h"
#include "sys/loop.h"

#define LOOK_NS (50 * BW_MS)      /* between two looks at the end */
#define PROGRESS_NS (250 * BW_MS) /* between two progress lines */
#define FIRST_PROGRESS_NS BW_S
#define ENDING_NS (500 * BW_MS) /* to take in what is under way when interrupted */
#define AGAIN_NS BW_S           /* asked so shortly before that: asked again when resumed */
#define STATE_NS (100 * BW_MS)  /* between two looks at the interface */
#define ONE_SENDER_PPS 100e3
#define STALL_MS 20 /* wait for a slow reader at a time */

enum stop {
	STOP_NOT,
	STOP_ENDING, /* nothing is sent any more; answers are taken in until end_at */
	STOP_NOW,
};

struct run {
	const struct survey_job *job;
	const struct survey_options *options;
	struct sweep *sweep;
	struct network *network;
	struct blast *blast;
	struct loop *loop;
	struct survey_print print;
	struct bw_now now, started;
	struct bw_mono end_at, sent_until, stopped_at;
	enum stop stop;
	bool interrupted; /* not everybody was asked, or not listened for */
	int failure;      /* of output or network; its message is in *err */
	struct bw_err *err;
	struct survey_resume before; /* what earlier runs have done */
	uint64_t seed;
	struct prefix_set *replaced; /* the block list of the latest SIGHUP */

	bool shows_progress, progress_shown;
	unsigned columns;
	struct bw_mono progress_at, looked_at;
	uint64_t send_errors;
	uint64_t progress_sent;
};

static size_t claim(void *self, struct bw_mono now, size_t max, struct sweep_claim *claimed)
{
	struct run *run = self;

	return sweep_claim(run->sweep, now, max, claimed);
}

static size_t build(void *self, const struct sweep_claim *claimed, struct bw_tx *batch)
{
	struct run *run = self;

	return sweep_build(run->sweep, claimed, batch);
}

static void note_sent(void *self, const struct sweep_claim *claimed, const struct bw_tx *batch,
		      size_t count)
{
	struct run *run = self;

	sweep_sent(run->sweep, claimed, batch, count);
}

static struct bw_mono deadline(void *self, struct bw_mono now)
{
	struct run *run = self;

	return sweep_deadline(run->sweep, now);
}

static void press(void *self, struct bw_mono now, const struct sweep_ring *ring)
{
	struct run *run = self;

	sweep_press(run->sweep, now, ring);
}

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct run *run = self;

	sweep_receive(run->sweep, rx);
}

static void on_answer(void *self, const struct sweep_answer *answer)
{
	struct run *run = self;
	bool all_sent = sweep_progress(run->sweep) == sweep_total(run->sweep);

	survey_print_answer(&run->print, answer, run->now, all_sent);
}

static void write_error(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* it is only a progress line */
}

static void erase_progress(struct run *run)
{
	if (run->progress_shown)
		write_error("\r\033[K");
	run->progress_shown = false;
}

static void show_progress(struct run *run)
{
	int64_t span = bw_mono_since(run->now.mono, run->progress_at);
	struct survey_progress progress = {.listening_ns = -1};
	char line[SURVEY_PROGRESS_TEXT];
	struct sweep_stats stats;

	if (!run->shows_progress || span < PROGRESS_NS)
		return;
	sweep_stats(run->sweep, &stats);
	progress.elapsed_ns = bw_mono_since(run->now.mono, run->started.mono);
	progress.asked = sweep_progress(run->sweep);
	progress.total = sweep_total(run->sweep);
	progress.sent = stats.sent;
	progress.answered = stats.answered;
	progress.replies = stats.replies;
	progress.lost = stats.lost;
	progress.rate_pps = (double)(stats.sent - run->progress_sent) * (double)BW_S / (double)span;
	if (run->sent_until.ns)
		progress.listening_ns =
			run->sent_until.ns + run->options->cooldown_ns - run->now.mono.ns;
	run->progress_at = run->now.mono;
	run->progress_sent = stats.sent;
	write_error("\r");
	write_error(survey_progress_format(&progress, run->columns, line));
	write_error("\033[K");
	run->progress_shown = true;
}

/* Ends it early: listens for a moment, at the second time not even that. */
static void stop_early(struct run *run)
{
	run->interrupted = true;
	if (run->stop == STOP_ENDING)
		run->stop = STOP_NOW;
	if (run->stop != STOP_NOT)
		return;
	blast_stop(run->blast);
	run->stopped_at = run->now.mono;
	run->end_at = bw_mono_add(run->now.mono, ENDING_NS);
	run->stop = STOP_ENDING;
}

static void fail(struct run *run, int code)
{
	if (run->failure == 0)
		run->failure = code;
	stop_early(run);
}

static void reload_blocklists(struct run *run)
{
	struct prefix_set *set = NULL;
	struct bw_err err;

	erase_progress(run);
	if (survey_read_blocklists(&run->options->blocklists, &set, &err) < 0) {
		exit_say("survey", &err);
		exit_warn("the block list stays as it was");
		return;
	}
	blast_set_blocklist(run->blast, set);
	prefix_set_free(run->replaced);
	run->replaced = set;
	exit_warn("the block list was read again: %zu entries", prefix_set_count(set));
}

static void on_signal(void *self, int signal)
{
	struct run *run = self;

	run->now = clock_now();
	if (signal == SIGHUP)
		reload_blocklists(run);
	else
		stop_early(run);
}

/* Takes frames in while there is room for what they bring about. */
static void receive(struct run *run)
{
	struct bw_err why;
	int code;

	if (survey_out_is_full(&run->print.out))
		return;
	code = network_dispatch(run->network, run->now, &why);
	if (code >= 0)
		return;
	if (run->failure == 0 && run->err)
		*run->err = why;
	fail(run, code);
	if (code != -ENETDOWN)
		run->stop = STOP_NOW;
}

/* Packets that cannot be sent: is the interface gone? */
static void look_at_interface(struct run *run)
{
	struct sweep_stats stats;
	struct bw_err why;
	int code;

	if (run->stop != STOP_NOT || bw_mono_since(run->now.mono, run->looked_at) < STATE_NS)
		return;
	run->looked_at = run->now.mono;
	sweep_stats(run->sweep, &stats);
	code = stats.send_errors > run->send_errors ? network_state(run->network, &why) : 0;
	run->send_errors = stats.send_errors;
	if (code == 0)
		return;
	if (run->failure == 0 && run->err)
		*run->err = why;
	fail(run, code);
}

static void flush(struct run *run)
{
	struct survey_out *out = &run->print.out;
	int code = survey_out_flush(out, survey_out_is_full(out) ? STALL_MS : 0);

	if (code >= 0)
		return;
	if (run->failure == 0)
		bw_err_set(run->err, BW_ERR_UNAVAILABLE, "cannot write to standard output: %s",
			   bw_error_text(code));
	fail(run, BW_ERR_UNAVAILABLE);
	run->stop = STOP_NOW;
}

static void note_sending(struct run *run)
{
	if (run->sent_until.ns == 0 && sweep_progress(run->sweep) == sweep_total(run->sweep))
		run->sent_until = run->now.mono;
}

static bool is_over(const struct run *run)
{
	switch (run->stop) {
	case STOP_NOT:
		return sweep_is_done(run->sweep, run->now.mono);
	case STOP_ENDING:
		return !bw_mono_before(run->now.mono, run->end_at);
	case STOP_NOW:
		return true;
	}
	return true;
}

static void on_wake(void *self, struct bw_now now)
{
	struct run *run = self;
	int64_t limit_ns = run->options->max_runtime_ns;

	run->now = now;
	receive(run);
	look_at_interface(run);
	flush(run);
	note_sending(run);
	if (limit_ns > 0 && run->stop == STOP_NOT &&
	    bw_mono_since(now.mono, run->started.mono) >= limit_ns)
		stop_early(run);
	if (is_over(run)) {
		loop_stop(run->loop);
		return;
	}
	show_progress(run);
	loop_set_deadline(run->loop, bw_mono_add(now.mono, LOOK_NS));
}

/* What must be the same for one run to go on where another was. */
static uint64_t fingerprint(const struct run *run)
{
	const struct survey_options *options = run->options;
	uint64_t print = sweep_space_fingerprint(run->job->input->space);

	for (unsigned i = 0; i < options->methods.count; i++)
		print = rng_mix(print ^ ((uint64_t)options->methods.list[i].protocol << 16 |
					 options->methods.list[i].port));
	print = rng_mix(print ^ options->passes);
	return rng_mix(print ^ ((uint64_t)options->shard_number << 32 | options->shards));
}

static int read_resume(struct run *run, struct bw_err *err)
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
	run->seed = code == 1 ? run->before.seed : run->options->seed;
	if (run->seed == 0) {
		struct siphash_key key = siphash_key_random();

		/* 53 bits: every reader of JSON keeps them. */
		run->seed = siphash(&key, "seed", 4) >> 11 | 1;
	}
	run->before.run = own;
	return code;
}

static int make_sweep(struct run *run, struct bw_err *err)
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

static int open_network(struct run *run, struct bw_err *err)
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
	struct blast_config blast = {
		.senders = config.senders,
		.permit = &input->permit,
		.source = {claim, build, note_sent, deadline, press, run},
	};
	int code = network_open(&config, &run->network, err);

	blast.network = run->network;
	return code < 0 ? code : blast_new(&blast, &run->blast, err);
}

static void make_record(const struct run *run, struct record_survey *survey)
{
	const struct survey_resume *before = &run->before;
	struct bw_mono end = run->stopped_at.ns   ? run->stopped_at
			     : run->sent_until.ns ? run->sent_until
						  : run->now.mono;
	double sending_s = (double)bw_mono_since(end, run->started.mono) / (double)BW_S;
	struct capture_stats frames = network_rings(run->network).frames;
	struct sweep_stats stats;
	uint64_t asked, rejected = 0;

	sweep_stats(run->sweep, &stats);
	for (unsigned i = 0; i < REJECTS; i++)
		rejected += i != REJECT_UNRELATED ? stats.rejected[i] : 0;
	asked = stats.sent + before->sent - stats.again - before->again;
	asked /= run->options->methods.count;
	asked = asked < sweep_share(run->sweep) ? asked : sweep_share(run->sweep);
	*survey = (struct record_survey){
		.prefixes = (const char *const *)run->job->operands,
		.prefix_count = run->job->operand_count,
		.methods = &run->options->methods,
		.addresses = sweep_share(run->sweep),
		.passes = (uint32_t)run->options->passes,
		.shard = run->options->shard_number,
		.shards = run->options->shards,
		.sent = stats.sent + before->sent,
		.again = stats.again + before->again,
		.answered = stats.answered,
		.replies = stats.replies + before->replies,
		.duplicates = stats.duplicates + before->duplicates,
		.errors = stats.errors + before->errors,
		.rejected = rejected + before->rejected,
		.capture_dropped = frames.dropped + before->dropped,
		.send_errors = stats.send_errors + before->send_errors,
		.refused = stats.refused + before->refused,
		.hit_rate = asked ? fmin(1, (double)stats.answered / (double)asked) : 0,
		.lost_share = frames.dropped ? (double)frames.dropped /
						       (double)(frames.dropped + frames.taken)
					     : 0,
		.rate_pps = sending_s > 0 ? (double)stats.sent / sending_s : 0,
		.duration_s = (double)(bw_mono_since(run->now.mono, run->started.mono) +
				       before->elapsed_ns) /
			      (double)BW_S,
		.seed = run->seed,
		.complete = !run->interrupted,
	};
}

static int keep_place(const struct run *run, const struct record_survey *survey, struct bw_err *err)
{
	const char *path = run->options->resume;
	struct survey_resume resume = {
		.run = run->before.run,
		.seed = run->seed,
		.place =
			sweep_place(run->sweep,
				    run->stopped_at.ns ? run->stopped_at : run->now.mono, AGAIN_NS),
		.sent = survey->sent,
		.replies = survey->replies,
		.duplicates = survey->duplicates,
		.errors = survey->errors,
		.rejected = survey->rejected,
		.dropped = survey->capture_dropped,
		.send_errors = survey->send_errors,
		.refused = survey->refused,
		.again = survey->again,
		.elapsed_ns = (int64_t)(survey->duration_s * (double)BW_S),
	};

	if (!path)
		return 0;
	if (!run->interrupted)
		return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
	return survey_resume_write(path, &resume, run->sweep, err);
}

/* A reader that does not read any more gets half a second for the rest. */
static int flush_all(struct run *run, struct bw_err *err)
{
	int code = survey_out_flush(&run->print.out, 500);

	if (run->failure || code == 0)
		return 0;
	return bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write to standard output: %s",
			  code < 0 ? bw_error_text(code) : "its reader does not read");
}

/* Writes all that there is to write; the first failure is the one that is told. */
static int finish(struct run *run, struct bw_err *err)
{
	struct record_survey survey;
	struct bw_err later;
	int code = run->failure, next[4];

	erase_progress(run);
	blast_stop(run->blast);
	run->now = clock_now();
	make_record(run, &survey);
	survey_print_record(&run->print, &survey, run->now);
	next[0] = keep_place(run, &survey, code ? &later : err);
	code = code ? code : next[0];
	next[1] = run->options->write ? survey_write(run->options, run->sweep, run->now.wall,
						     code ? &later : err)
				      : 0;
	code = code ? code : next[1];
	next[2] = run->options->summary ? survey_print_summary(&run->print, &survey, run->now,
							       code ? &later : err)
					: 0;
	code = code ? code : next[2];
	next[3] = flush_all(run, code ? &later : err);
	survey_print_words(&survey);
	return code ? code : next[3];
}

static int start(struct run *run, struct bw_err *err)
{
	run->shows_progress = isatty(STDERR_FILENO) == 1;
	run->columns = terminal_columns(STDERR_FILENO);
	run->started = run->now = clock_now();
	run->progress_at = bw_mono_add(run->now.mono, FIRST_PROGRESS_NS - PROGRESS_NS);
	return blast_start(run->blast, err);
}

int survey_run(const struct survey_job *job, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {.on_wake = on_wake, .on_signal = on_signal};
	struct run run = {.job = job, .options = job->options, .err = err, .now = clock_now()};
	int code = loop_new(&callbacks, &run, &run.loop, err);

	if (code == 0 && survey_print_init(&run.print, job->options) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code == 0)
		code = make_sweep(&run, err);
	if (code == 0)
		code = open_network(&run, err);
	if (code == 0)
		code = start(&run, err);
	if (code == 0) {
		code = loop_run(run.loop);
		if (code < 0)
			bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
		else
			code = finish(&run, err);
	}
	blast_free(run.blast);
	network_close(run.network);
	sweep_free(run.sweep);
	survey_print_fini(&run.print);
	loop_free(run.loop);
	prefix_set_free(run.replaced);
	return code;
}
