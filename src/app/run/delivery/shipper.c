/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/delivery/shipper.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/common/log.h"
#include "sys/machine/clock.h"

#define PROGRAM "/proc/self/exe" /* this one, also when its file has been replaced */
#define STEADY_NS (60 * BW_S)    /* a child that stays so long has no pause behind it */
#define ARGS_MAX (8 + 2 * CHILD_FDS_MAX)

void shipper_init(struct shipper *shipper, const char *config, const struct secret_files *secrets,
		  struct loop *loop)
{
	*shipper = (struct shipper){.loop = loop, .config = config, .secrets = secrets};
}

static void log_end(const struct shipper *shipper, int status, int signal)
{
	char pause[BW_DURATION_TEXT];

	bw_duration_format(shipper->pause_ns, pause);
	if (signal)
		log_warn("run: ship was ended by signal %d; it is started again in %s", signal,
			 pause);
	else
		log_warn("run: ship has ended with exit code %d; it is started again in %s", status,
			 pause);
}

static void set_pause(struct shipper *shipper, struct bw_mono now)
{
	bool steady = bw_mono_before(bw_mono_add(shipper->started, STEADY_NS), now);

	shipper->pause_ns =
		steady || shipper->pause_ns == 0 ? SHIPPER_PAUSE_NS : 2 * shipper->pause_ns;
	if (shipper->pause_ns > SHIPPER_PAUSE_MAX_NS)
		shipper->pause_ns = SHIPPER_PAUSE_MAX_NS;
	shipper->start_at = bw_mono_add(now, shipper->pause_ns);
}

static void on_exit_of(void *self, int status, int signal)
{
	struct shipper *shipper = self;
	struct bw_mono now = clock_now().mono;

	shipper->child = NULL;
	if (shipper->is_restarting || !shipper->is_wanted) {
		shipper->is_restarting = false;
		shipper->start_at = now;
		return;
	}
	set_pause(shipper, now);
	log_end(shipper, status, signal);
}

/* The secrets are the descriptors 3, 4 and so on of the child. Returns how many have their text. */
static size_t name_secrets(const struct secret_files *secrets, char *texts[CHILD_FDS_MAX],
			   const char *args[])
{
	size_t count = 0;

	while (count < secrets->count &&
	       asprintf(&texts[count], "%s=%zu", secrets->list[count].path, count + 3) > 0) {
		args[2 * count] = "--secret";
		args[2 * count + 1] = texts[count];
		count++;
	}
	return count;
}

static int start(struct shipper *shipper, struct bw_err *err)
{
	const char *args[ARGS_MAX] = {"blockwatch", "ship", "--config", shipper->config,
				"--child"};
	char *texts[CHILD_FDS_MAX];
	int fds[CHILD_FDS_MAX];
	struct child_options options = {
		.file = PROGRAM,
		.args = args,
		.fds = fds,
		.fd_count = name_secrets(shipper->secrets, texts, args + 5),
		.on_exit = on_exit_of,
		.self = shipper,
	};
	int code;

	for (size_t i = 0; i < options.fd_count; i++)
		fds[i] = shipper->secrets->list[i].fd;
	code = child_start(shipper->loop, &options, &shipper->child, err);
	for (size_t i = 0; i < options.fd_count; i++)
		free(texts[i]);
	return code;
}

void shipper_want(struct shipper *shipper, bool wanted, struct bw_now now)
{
	shipper->is_wanted = wanted;
	shipper->start_at = now.mono;
	if (!wanted)
		shipper_stop(shipper);
}

void shipper_restart(struct shipper *shipper)
{
	shipper->is_restarting = shipper->child != NULL;
	shipper_stop(shipper);
}

void shipper_wake(struct shipper *shipper, struct bw_now now)
{
	struct bw_err err;

	if (!shipper->is_wanted || shipper->child || bw_mono_before(now.mono, shipper->start_at))
		return;
	shipper->started = now.mono;
	if (start(shipper, &err) < 0) {
		set_pause(shipper, now.mono);
		log_error("run", &err);
	}
}

struct bw_mono shipper_deadline(const struct shipper *shipper)
{
	return shipper->is_wanted && !shipper->child ? shipper->start_at : BW_NEVER;
}

void shipper_stop(struct shipper *shipper)
{
	if (shipper->child)
		child_signal(shipper->child, SIGTERM);
}

void shipper_fini(struct shipper *shipper, int64_t patience_ns)
{
	if (shipper->child)
		child_end(shipper->child, patience_ns);
	shipper->child = NULL;
}
