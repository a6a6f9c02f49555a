/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/check_run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/check/check_paths.h"
#include "app/common/identity.h"
#include "app/common/log.h"
#include "app/common/terminal.h"
#include "report/text/progress.h"
#include "sys/loop/loop.h"
#include "sys/machine/clock.h"
#include "sys/transport/netio.h"
#include "vantage/vantage.h"
#include "version.h"

struct check_run {
	struct vantage *vantage;
	struct check_paths paths;
	struct netio *netio;
	struct bw_transport transport;
	struct loop *loop;
	struct bw_now now;
	struct record_sink sink;
	struct progress progress;
	bool shows_progress;
	unsigned stop_reason; /* enum bw_reason that ends the check early, or 0 */
	struct bw_mono pause_end; /* between two checks; then there is no vantage */
	uint64_t seq;             /* of the last record of the checks before */
	char host[IDENTITY_HOST_TEXT], boot[IDENTITY_BOOT_TEXT];
};

static void write_progress(const char *text, size_t length)
{
	if (length > 0 && write(STDERR_FILENO, text, length) < 0)
		return; /* it is only a progress line */
}

static void show_progress(struct check_run *run)
{
	struct vantage_progress progress;
	char text[PROGRESS_TEXT];

	if (!run->shows_progress)
		return;
	vantage_progress(run->vantage, &progress);
	write_progress(text, progress_update(&run->progress, run->now.mono,
					     &(struct progress_counts){
						     .blocks = progress.blocks,
						     .known = progress.known,
						     .probes = progress.sent,
						     .replies = progress.replies,
					     },
					     text));
}

static void erase_progress(struct check_run *run)
{
	char text[PROGRESS_TEXT];

	if (run->shows_progress)
		write_progress(text, progress_erase(&run->progress, text));
}

static void put_record(void *self, const struct record *record)
{
	struct check_run *run = self;

	erase_progress(run);
	check_paths_put(&run->paths, record, &run->sink);
}

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct check_run *run = self;

	if (check_paths_are_traced(&run->paths))
		check_paths_receive(&run->paths, rx);
	else
		vantage_receive(run->vantage, rx, run->now);
}

static void on_signal(void *self, int signal)
{
	struct check_run *run = self;

	if (signal != SIGHUP)
		run->stop_reason = BW_WHY_INTERRUPTED;
}

static void on_pause(struct check_run *run)
{
	if (run->stop_reason || !bw_mono_before(run->now.mono, run->pause_end))
		loop_stop(run->loop);
	else
		loop_set_deadline(run->loop, run->pause_end);
}

/* All blocks have their verdict: the paths to those that are dark are traced, for a while. */
static void trace_paths(struct check_run *run)
{
	struct bw_mono next = check_paths_step(&run->paths, run->now);

	if (run->stop_reason || next.ns == BW_NEVER.ns)
		loop_stop(run->loop);
	else
		loop_set_deadline(run->loop, next);
}

static void on_wake(void *self, struct bw_now now)
{
	struct check_run *run = self;
	struct bw_mono next;
	struct bw_err err;

	run->now = now;
	if (!run->vantage) {
		on_pause(run);
		return;
	}
	if (netio_dispatch(run->netio, now, &err) < 0) {
		erase_progress(run);
		log_error("check", &err);
		run->stop_reason = BW_WHY_INTERFACE_DOWN;
	}
	if (check_paths_are_traced(&run->paths)) {
		trace_paths(run);
		return;
	}
	if (run->stop_reason)
		vantage_stop(run->vantage, run->stop_reason, now);
	else
		vantage_tick(run->vantage, now);
	if (vantage_is_done(run->vantage)) {
		check_paths_begin(&run->paths, vantage_ledger(run->vantage), now);
		trace_paths(run);
		return;
	}
	show_progress(run);
	next = vantage_deadline(run->vantage, now);
	if (run->shows_progress)
		next = bw_mono_min(next, progress_due(&run->progress));
	loop_set_deadline(run->loop, next);
}

static void prepare_progress(struct check_run *run)
{
	run->shows_progress = !log_is_quiet() && isatty(STDERR_FILENO) == 1;
	progress_init(&run->progress, run->now.mono, terminal_width(STDERR_FILENO));
}

static int open_network(struct check_run *run, const struct check_run_config *config,
			struct bw_err *err)
{
	struct netio_config netio = {
		.egress = config->session->egress.list,
		.egress_count = config->session->egress.count,
		.pinned = config->options->interface != NULL,
		.everywhere = true,
		.immediate = true,
		.rate_pps = config->options->rate_pps,
		.permit = &config->session->permit,
		.loop = run->loop,
		.on_frame = on_frame,
		.self = run,
	};
	int code = netio_open(&netio, &run->netio, err);

	if (code < 0)
		return code;
	run->transport = netio_transport(run->netio);
	return 0;
}

static int open_vantage(struct check_run *run, const struct check_run_config *config,
			struct bw_err *err)
{
	struct vantage_config vantage = {
		.name = run->host,
		.boot = run->boot,
		.version = BW_VERSION,
		.roster = &config->session->roster,
		.transport = &run->transport,
		.egress = config->session->egress.list,
		.egress_count = config->session->egress.count,
		.params = infer_params_default(),
		.rate_pps = config->options->rate_pps,
		.seed = config->session->roster.seed,
		.first_seq = run->seq,
		.sink = {.put = put_record, .self = run},
	};

	vantage.params.timeout_ns = config->options->timeout_ns;
	return vantage_new(&vantage, run->now, &run->vantage, err);
}

static int drive(struct check_run *run, const struct check_run_config *config, struct bw_err *err)
{
	struct bw_mono began = run->now.mono;
	int code;

	check_paths_init(&run->paths, config, &run->transport);
	memory_recall(&config->memory->memory, vantage_ledger(run->vantage));
	prepare_progress(run);
	code = loop_run(run->loop);
	if (code < 0)
		return bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
	vantage_finish(run->vantage, run->now);
	check_paths_end(&run->paths);
	erase_progress(run);
	check_memory_learn(config->memory, vantage_ledger(run->vantage), began);
	run->seq = vantage_seq(run->vantage);
	return 0;
}

static int check_once(struct check_run *run, const struct check_run_config *config,
		      struct bw_err *err)
{
	int code = open_network(run, config, err);

	run->now = clock_now();
	if (code == 0)
		code = open_vantage(run, config, err);
	if (code == 0)
		code = drive(run, config, err);
	vantage_free(run->vantage);
	netio_close(run->netio);
	run->vantage = NULL;
	run->netio = NULL;
	return code;
}

/* An interface that is not there may come back. */
static bool is_passing(const struct check_run_config *config, int code)
{
	return config->is_settled &&
	       (code == -ENODEV || code == -ENXIO || code == -ENETDOWN || code == BW_ERR_MISSING);
}

/* Returns 0 when the next check is to begin, 1 when there is none, or an error of the loop. */
static int await_next(struct check_run *run, const struct check_run_config *config)
{
	struct bw_err err;
	int code;

	if (!config->is_settled || run->stop_reason || config->is_settled(config->self))
		return 1;
	do {
		run->pause_end = bw_mono_add(clock_now().mono, CHECK_PAUSE_NS);
		code = loop_run(run->loop);
		if (code < 0 || run->stop_reason)
			return code < 0 ? code : 1;
		code = config->renew(config->self, &err);
		if (code < 0)
			log_detail("%s", err.message);
	} while (code < 0);
	return 0;
}

int check_run(const struct check_run_config *config, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {
		.on_wake = on_wake,
		.on_signal = on_signal,
	};
	struct check_run run = {.sink = config->sink};
	int code;

	identity_host(run.host);
	identity_boot(run.boot);
	code = loop_new(&callbacks, &run, &run.loop, err);
	while (code == 0) {
		code = check_once(&run, config, err);
		if (is_passing(config, code)) {
			log_detail("%s", err->message);
			code = 0;
		}
		if (code == 0)
			code = await_next(&run, config);
	}
	loop_free(run.loop);
	return code > 0 ? 0 : code;
}
