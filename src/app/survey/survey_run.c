/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A survey against the network. Sender threads (sys/transport/senders) send the packets of
 * the sweep. The event loop, in the main thread, hands received frames to the sweep, prints
 * its answers, and handles signals and time.
 *
 * Back pressure: if the reader of standard output is slow, the output buffer fills. Then the
 * loop takes no more frames from the capture ring. Then the sender sees that the ring is not
 * read, and pauses. When the reader goes on, so does everything else; no answer is lost.
 *
 * The end is the same for all reasons (all addresses probed, a signal, --max-runtime, an
 * interface or a disk that failed): the sender stops, the loop receives the answers that are
 * on the way for half a second, and then survey_run() writes its files. If not all addresses
 * were probed, that includes the position for --resume.
 */
#include "app/survey/survey_run.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "app/common/blocklists.h"
#include "app/common/exit.h"
#include "app/common/log.h"
#include "app/survey/survey_print.h"
#include "app/survey/survey_record.h"
#include "app/survey/survey_status.h"
#include "app/survey/survey_sweep.h"
#include "app/survey/survey_write.h"
#include "sys/loop/loop.h"
#include "sys/machine/clock.h"
#include "sys/transport/senders.h"

#define LOOK_NS (50 * BW_MS)       /* between two looks at the end */
#define ENDING_NS (500 * BW_MS)    /* to receive what is on the way when interrupted */
#define INTERFACE_NS (100 * BW_MS) /* between two looks at the interface */
#define STALL_MS 20                /* to wait for a slow reader at a time */
#define LAST_FLUSH_MS 500          /* to wait for it at the end */
#define ONE_SENDER_PPS 100e3       /* above this rate a second sender thread pays */

enum stop {
	STOP_NOT,
	STOP_ENDING, /* sends nothing more, but receives answers until end_at */
	STOP_NOW,
};

struct survey_run {
	const struct survey_job *job;
	const struct survey_options *options;
	struct survey_sweep sweep;
	struct netio *netio;
	struct senders *senders;
	struct loop *loop;
	struct survey_print print;
	struct survey_status status;
	struct bw_now now, started;
	struct bw_mono sent_until; /* all probes were sent; ns 0: not yet */
	struct bw_mono stopped_at; /* ended early; ns 0: no */
	struct bw_mono end_at, looked_at;
	enum stop stop;
	bool interrupted; /* some addresses were not probed, or not listened for */
	int failure;      /* of output or network; its message is in *err */
	struct bw_err *err;
	uint64_t send_errors;        /* at the last look at the interface */
	struct prefix_set *replaced; /* the block list of the latest SIGHUP */
};

static bool has_sent_all(const struct survey_run *run)
{
	return sweep_progress(run->sweep.sweep) == sweep_total(run->sweep.sweep);
}

/* Ends the survey early: after ENDING_NS, or at once if it is called a second time. */
static void stop_early(struct survey_run *run)
{
	run->interrupted = true;
	if (run->stop == STOP_ENDING)
		run->stop = STOP_NOW;
	if (run->stop != STOP_NOT)
		return;
	senders_stop(run->senders);
	run->stopped_at = run->now.mono;
	run->end_at = bw_mono_add(run->now.mono, ENDING_NS);
	run->stop = STOP_ENDING;
}

static void fail(struct survey_run *run, int code)
{
	if (run->failure == 0)
		run->failure = code;
	stop_early(run);
}

static void reload_blocklists(struct survey_run *run)
{
	struct prefix_set *set = NULL;
	struct bw_err err;

	survey_status_erase(&run->status);
	if (blocklists_read(&run->options->blocklists, &set, &err) < 0) {
		log_error("survey", &err);
		log_warn("the block list stays as it was");
		return;
	}
	senders_set_blocklist(run->senders, set);
	prefix_set_free(run->replaced);
	run->replaced = set;
	log_warn("the block list was read again: %zu entries", prefix_set_count(set));
}

static void on_signal(void *self, int signal)
{
	struct survey_run *run = self;

	run->now = clock_now();
	if (signal == SIGHUP)
		reload_blocklists(run);
	else
		stop_early(run);
}

/* Receives frames as long as there is room for the answers that they bring. */
static void receive(struct survey_run *run)
{
	struct bw_err why;
	int code;

	if (lines_out_is_full(&run->print.out))
		return;
	code = netio_dispatch(run->netio, run->now, &why);
	if (code >= 0)
		return;
	if (run->failure == 0 && run->err)
		*run->err = why;
	fail(run, code);
	if (code != -ENETDOWN)
		run->stop = STOP_NOW;
}

/* Send errors may mean that the interface is gone. */
static void look_at_interface(struct survey_run *run)
{
	struct sweep_stats stats;
	struct bw_err why;
	int code;

	if (run->stop != STOP_NOT || bw_mono_since(run->now.mono, run->looked_at) < INTERFACE_NS)
		return;
	run->looked_at = run->now.mono;
	sweep_stats(run->sweep.sweep, &stats);
	code = stats.send_errors > run->send_errors ? netio_state(run->netio, &why) : 0;
	run->send_errors = stats.send_errors;
	if (code == 0)
		return;
	if (run->failure == 0 && run->err)
		*run->err = why;
	fail(run, code);
}

static void flush(struct survey_run *run)
{
	struct lines_out *out = &run->print.out;
	int code = lines_out_flush(out, lines_out_is_full(out) ? STALL_MS : 0);

	if (code >= 0)
		return;
	if (run->failure == 0)
		exit_stdout_failed(code, run->err);
	fail(run, BW_ERR_UNAVAILABLE);
	run->stop = STOP_NOW;
}

static void note_sending(struct survey_run *run)
{
	if (run->sent_until.ns == 0 && has_sent_all(run))
		run->sent_until = run->now.mono;
}

static bool is_over(const struct survey_run *run)
{
	switch (run->stop) {
	case STOP_NOT:
		return sweep_is_done(run->sweep.sweep, run->now.mono);
	case STOP_ENDING:
		return !bw_mono_before(run->now.mono, run->end_at);
	case STOP_NOW:
		return true;
	}
	return true;
}

static void update_status(struct survey_run *run)
{
	struct bw_mono listen_until = {0};

	if (run->sent_until.ns)
		listen_until = bw_mono_add(run->sent_until, run->options->cooldown_ns);
	survey_status_update(&run->status, run->sweep.sweep, run->now.mono, listen_until);
}

static void on_wake(void *self, struct bw_now now)
{
	struct survey_run *run = self;
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
	update_status(run);
	loop_set_deadline(run->loop, bw_mono_add(now.mono, LOOK_NS));
}

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct survey_run *run = self;

	sweep_receive(run->sweep.sweep, rx);
}

static void on_answer(void *self, const struct sweep_answer *answer)
{
	struct survey_run *run = self;

	survey_print_answer(&run->print, answer, run->now, has_sent_all(run));
}

static int make_sweep(struct survey_run *run, struct bw_err *err)
{
	struct survey_sweep_config config = {
		.options = run->options,
		.input = run->job->input,
		.egress = run->job->egress,
		.on_answer = on_answer,
		.self = run,
	};

	return survey_sweep_init(&run->sweep, &config, run->now.mono, err);
}

static unsigned count_senders(const struct survey_options *options)
{
	if (options->senders)
		return (unsigned)options->senders;
	return options->rate_pps > ONE_SENDER_PPS && sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
}

static int open_network(struct survey_run *run, struct bw_err *err)
{
	struct netio_config config = {
		.egress = run->job->egress->list,
		.egress_count = run->job->egress->count,
		.pinned = run->options->interface != NULL,
		.link = !run->options->layer3,
		.rate_pps = run->options->rate_pps,
		.senders = count_senders(run->options),
		.permit = &run->job->input->permit,
		.loop = run->loop,
		.on_frame = on_frame,
		.self = run,
	};
	struct senders_config senders = {
		.senders = config.senders,
		.permit = &run->job->input->permit,
		.source = sweep_source(run->sweep.sweep),
	};
	int code = netio_open(&config, &run->netio, err);

	senders.netio = run->netio;
	return code < 0 ? code : senders_new(&senders, &run->senders, err);
}

static int start(struct survey_run *run, struct bw_err *err)
{
	int code = survey_options_check_files(run->options, err);

	if (code == 0 && run->options->write)
		code = survey_write_check(run->options->write, err);
	if (code == 0)
		code = make_sweep(run, err);
	if (code == 0)
		code = open_network(run, err);
	if (code < 0)
		return code;
	run->started = run->now = clock_now();
	survey_status_init(&run->status, run->now.mono);
	return senders_start(run->senders, err);
}

static void make_record(const struct survey_run *run, struct record_survey *ret_survey)
{
	struct capture_stats ring = netio_rings(run->netio).frames;
	struct survey_course course = {
		.started = run->started.mono,
		.sent_until = run->stopped_at.ns   ? run->stopped_at
			      : run->sent_until.ns ? run->sent_until
						   : run->now.mono,
		.ended = run->now.mono,
		.complete = !run->interrupted,
	};

	survey_record_make(run->options, &run->sweep, &ring, &course, ret_survey);
	ret_survey->prefixes = (const char *const *)run->job->operands;
	ret_survey->prefix_count = run->job->operand_count;
}

/* A reader that has stopped reading gets LAST_FLUSH_MS for the rest. */
static int flush_all(struct survey_run *run, struct bw_err *err)
{
	int code = lines_out_flush(&run->print.out, LAST_FLUSH_MS);

	if (run->failure || code == 0)
		return 0;
	if (code < 0)
		return exit_stdout_failed(code, err);
	return bw_err_set(err, BW_ERR_UNAVAILABLE,
			  "cannot write to standard output: its reader does not read");
}

static void note(int *code, int next)
{
	if (*code == 0)
		*code = next;
}

/* Writes all results. A failure does not stop it; the first one is returned. */
static int finish(struct survey_run *run, struct bw_err *err)
{
	const struct survey_options *options = run->options;
	struct record_survey survey;
	struct bw_err later;
	int code = run->failure;

	senders_stop(run->senders);
	run->now = clock_now();
	make_record(run, &survey);
	survey_print_record(&run->print, &survey, run->now);
	note(&code, survey_sweep_keep(&run->sweep, options, &survey,
				      run->stopped_at.ns ? run->stopped_at : run->now.mono,
				      code ? &later : err));
	if (options->write)
		note(&code,
		     survey_write(options,
				  run->job->operand_count == 1 ? run->job->operands[0] : NULL,
				  run->sweep.sweep, run->now.wall, code ? &later : err));
	if (options->summary)
		note(&code,
		     survey_print_summary(&run->print, &survey, run->now, code ? &later : err));
	note(&code, flush_all(run, code ? &later : err));
	survey_print_words(&survey);
	return code;
}

static int run_loop(struct survey_run *run, struct bw_err *err)
{
	int code = loop_run(run->loop);

	survey_status_erase(&run->status);
	if (code < 0)
		return bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
	return finish(run, err);
}

int survey_run(const struct survey_job *job, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {.on_wake = on_wake, .on_signal = on_signal};
	struct survey_run run = {
		.job = job,
		.options = job->options,
		.err = err,
		.now = clock_now(),
	};
	int code = loop_new(&callbacks, &run, &run.loop, err);

	if (code == 0 && survey_print_init(&run.print, job->options) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code == 0)
		code = start(&run, err);
	if (code == 0)
		code = run_loop(&run, err);
	senders_free(run.senders);
	netio_close(run.netio);
	survey_sweep_fini(&run.sweep);
	survey_print_fini(&run.print);
	loop_free(run.loop);
	prefix_set_free(run.replaced);
	return code;
}
