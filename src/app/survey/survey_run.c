/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A survey against the real network. The threads of sys/blast send what
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
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/common/log.h"
#include "app/common/terminal.h"
#include "app/survey/survey_run.h"
#include "report/survey/survey_progress.h"
#include "sys/loop/loop.h"
#include "sys/machine/clock.h"

#define LOOK_NS (50 * BW_MS)      /* between two looks at the end */
#define PROGRESS_NS (250 * BW_MS) /* between two progress lines */
#define FIRST_PROGRESS_NS BW_S
#define ENDING_NS (500 * BW_MS) /* to take in what is under way when interrupted */
#define STATE_NS (100 * BW_MS)  /* between two looks at the interface */
#define STALL_MS 20             /* wait for a slow reader at a time */

static void write_error(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* it is only a progress line */
}

static void erase_progress(struct survey_run *run)
{
	if (run->progress_shown)
		write_error("\r\033[K");
	run->progress_shown = false;
}

static void show_progress(struct survey_run *run)
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
static void stop_early(struct survey_run *run)
{
	run->interrupted = true;
	if (run->stop == STOP_ENDING)
		run->stop = STOP_NOW;
	if (run->stop != STOP_NOT)
		return;
	senders_stop(run->blast);
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

	erase_progress(run);
	if (survey_read_blocklists(&run->options->blocklists, &set, &err) < 0) {
		log_error("survey", &err);
		log_warn("the block list stays as it was");
		return;
	}
	senders_set_blocklist(run->blast, set);
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

/* Takes frames in while there is room for what they bring about. */
static void receive(struct survey_run *run)
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
static void look_at_interface(struct survey_run *run)
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

static void flush(struct survey_run *run)
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

static void note_sending(struct survey_run *run)
{
	if (run->sent_until.ns == 0 && sweep_progress(run->sweep) == sweep_total(run->sweep))
		run->sent_until = run->now.mono;
}

static bool is_over(const struct survey_run *run)
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
	show_progress(run);
	loop_set_deadline(run->loop, bw_mono_add(now.mono, LOOK_NS));
}

static int start(struct survey_run *run, struct bw_err *err)
{
	run->shows_progress = isatty(STDERR_FILENO) == 1;
	run->columns = terminal_width(STDERR_FILENO);
	run->started = run->now = clock_now();
	run->progress_at = bw_mono_add(run->now.mono, FIRST_PROGRESS_NS - PROGRESS_NS);
	return senders_start(run->blast, err);
}

int survey_run(const struct survey_job *job, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {.on_wake = on_wake, .on_signal = on_signal};
	struct survey_run run = {.job = job,
				 .options = job->options,
				 .err = err,
				 .now = clock_now()};
	int code = loop_new(&callbacks, &run, &run.loop, err);

	if (code == 0 && survey_print_init(&run.print, job->options) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code == 0)
		code = survey_begin(&run, err);
	if (code == 0)
		code = start(&run, err);
	if (code == 0) {
		code = loop_run(run.loop);
		erase_progress(&run);
		if (code < 0)
			bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
		else
			code = survey_end(&run, err);
	}
	senders_free(run.blast);
	network_close(run.network);
	sweep_free(run.sweep);
	survey_print_fini(&run.print);
	loop_free(run.loop);
	prefix_set_free(run.replaced);
	return code;
}
