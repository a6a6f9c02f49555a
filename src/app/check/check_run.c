/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/check_run.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/common/exit.h"
#include "app/common/terminal.h"
#include "base/siphash.h"
#include "report/text/progress.h"
#include "sys/loop/loop.h"
#include "sys/machine/clock.h"
#include "sys/transport/network.h"
#include "vantage/vantage.h"
#include "version.h"

#define NAME_TEXT 256

struct live {
	struct vantage *vantage;
	struct network *network;
	struct bw_transport transport;
	struct loop *loop;
	struct bw_now now;
	struct record_sink sink;
	struct progress progress;
	bool shows_progress;
	unsigned stop_reason; /* enum bw_reason that ends the check early, or 0 */
	char name[NAME_TEXT], boot[LIVE_BOOT_TEXT];
};

static void write_progress(const char *text, size_t length)
{
	if (length > 0 && write(STDERR_FILENO, text, length) < 0)
		return; /* it is only a progress line */
}

static void show_progress(struct live *live)
{
	struct vantage_progress progress;
	char text[PROGRESS_TEXT];

	if (!live->shows_progress)
		return;
	vantage_progress(live->vantage, &progress);
	write_progress(text, progress_update(&live->progress, live->now.mono,
					     &(struct progress_counts){
						     .blocks = progress.blocks,
						     .known = progress.known,
						     .probes = progress.sent,
						     .replies = progress.replies,
					     },
					     text));
}

static void erase_progress(struct live *live)
{
	char text[PROGRESS_TEXT];

	if (live->shows_progress)
		write_progress(text, progress_erase(&live->progress, text));
}

static void put_record(void *self, const struct record *record)
{
	struct live *live = self;

	erase_progress(live);
	live->sink.put(live->sink.self, record);
}

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct live *live = self;

	vantage_receive(live->vantage, rx, live->now);
}

static void on_signal(void *self, int signal)
{
	struct live *live = self;

	if (signal != SIGHUP)
		live->stop_reason = BW_WHY_INTERRUPTED;
}

static void on_wake(void *self, struct bw_now now)
{
	struct live *live = self;
	struct bw_mono next;
	struct bw_err err;

	live->now = now;
	if (network_dispatch(live->network, now, &err) < 0) {
		erase_progress(live);
		exit_say("check", &err);
		live->stop_reason = BW_WHY_INTERFACE_DOWN;
	}
	if (live->stop_reason)
		vantage_stop(live->vantage, live->stop_reason, now);
	else
		vantage_tick(live->vantage, now);
	if (vantage_is_done(live->vantage)) {
		loop_stop(live->loop);
		return;
	}
	show_progress(live);
	next = vantage_deadline(live->vantage, now);
	if (live->shows_progress)
		next = bw_mono_min(next, progress_due(&live->progress));
	loop_set_deadline(live->loop, next);
}

void live_boot_id(char text[LIVE_BOOT_TEXT])
{
	struct siphash_key id = siphash_key_random();

	for (unsigned i = 0; i < sizeof(id.bytes); i++)
		snprintf(text + 2 * i, 3, "%02x", id.bytes[i]);
}

static void name_this_start(struct live *live)
{
	live_boot_id(live->boot);
	if (gethostname(live->name, sizeof(live->name)) < 0 || live->name[0] == '\0')
		snprintf(live->name, sizeof(live->name), "localhost");
	live->name[sizeof(live->name) - 1] = '\0';
}

static void prepare_progress(struct live *live)
{
	live->shows_progress = isatty(STDERR_FILENO) == 1;
	progress_init(&live->progress, live->now.mono, terminal_columns(STDERR_FILENO));
}

static int open_network(struct live *live, const struct live_config *config, struct bw_err *err)
{
	struct network_config network = {
		.egress = config->probing->egress,
		.egress_count = config->probing->egress_count,
		.pinned = config->options->interface != NULL,
		.immediate = true,
		.rate_pps = config->options->rate_pps,
		.permit = &config->probing->permit,
		.loop = live->loop,
		.on_frame = on_frame,
		.self = live,
	};
	int code = network_open(&network, &live->network, err);

	if (code < 0)
		return code;
	live->transport = network_transport(live->network);
	return 0;
}

static int open_vantage(struct live *live, const struct live_config *config, struct bw_err *err)
{
	struct vantage_config vantage = {
		.name = live->name,
		.boot = live->boot,
		.version = BW_VERSION,
		.roster = &config->probing->roster,
		.transport = &live->transport,
		.egress = config->probing->egress,
		.egress_count = config->probing->egress_count,
		.params = infer_params_default(),
		.rate_pps = config->options->rate_pps,
		.seed = config->probing->roster.seed,
		.sink = {.put = put_record, .self = live},
	};

	vantage.params.timeout_ns = config->options->timeout_ns;
	return vantage_new(&vantage, live->now, &live->vantage, err);
}

int live_run(const struct live_config *config, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {
		.on_wake = on_wake,
		.on_signal = on_signal,
	};
	struct live live = {.sink = config->sink};
	int code;

	name_this_start(&live);
	code = loop_new(&callbacks, &live, &live.loop, err);
	if (code == 0)
		code = open_network(&live, config, err);
	live.now = clock_now();
	if (code == 0)
		code = open_vantage(&live, config, err);
	if (code == 0) {
		prepare_progress(&live);
		code = loop_run(live.loop);
		if (code < 0)
			bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
		else
			vantage_finish(live.vantage, live.now);
		erase_progress(&live);
	}
	vantage_free(live.vantage);
	network_close(live.network);
	loop_free(live.loop);
	return code;
}
