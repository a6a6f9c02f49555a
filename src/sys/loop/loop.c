/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

#include "sys/machine/clock.h"

/*
 * libuv's own timers count milliseconds, which is too coarse to pace probes, so
 * the deadline is a timerfd among the watched descriptors (an absolute time on
 * the monotonic clock, as the engine reckons). Whatever becomes ready in one
 * turn of the loop only leaves a note; the check handle, which libuv calls after
 * all descriptors of the turn, wakes the owner once. The timerfd is never read:
 * setting it anew, or disarming it, takes back its readiness.
 */

#define WATCHES (LOOP_WATCH_MAX + 1) /* the first is the timerfd */
#define SIGNALS 4

struct watch {
	uv_poll_t poll; /* first: its address is the watch's */
	struct loop *loop;
	int fd;
	bool failed; /* libuv gave it up: start it again after the wake */
};

struct loop {
	uv_loop_t uv;
	uv_check_t check;
	uv_signal_t signals[SIGNALS];
	struct watch *watches[WATCHES];
	int timer_fd;
	struct bw_mono deadline; /* as armed; BW_NEVER when it has been reached */
	bool reached;            /* and the timerfd is readable until it is set anew */
	bool woken;
	struct loop_callbacks callbacks;
	void *self;
};

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = (struct watch *)(void *)poll;
	struct loop *loop = watch->loop;

	(void)events;
	watch->failed = status < 0;
	loop->woken = true;
	if (watch->fd == loop->timer_fd) {
		loop->deadline = BW_NEVER;
		loop->reached = true;
	}
}

static void arm(struct loop *loop, struct bw_mono at)
{
	/* All zero disarms; the past fires at once. */
	int64_t ns = at.ns == BW_NEVER.ns ? 0 : at.ns < 1 ? 1 : at.ns;
	struct itimerspec spec = {.it_value = {ns / BW_S, ns % BW_S}};

	timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
	loop->deadline = at;
	loop->reached = false;
}

void loop_set_deadline(struct loop *loop, struct bw_mono at)
{
	if (at.ns != loop->deadline.ns)
		arm(loop, at);
}

static void on_check(uv_check_t *check)
{
	struct loop *loop = check->data;

	if (!loop->woken)
		return;
	loop->woken = false;
	loop->callbacks.on_wake(loop->self, clock_now());
	if (loop->reached)
		arm(loop, BW_NEVER);
	for (int i = 0; i < WATCHES; i++) {
		struct watch *watch = loop->watches[i];

		if (watch && watch->failed) {
			watch->failed = false;
			uv_poll_start(&watch->poll, UV_READABLE, on_poll);
		}
	}
}

static void on_signal(uv_signal_t *handle, int signal)
{
	struct loop *loop = handle->data;

	loop->woken = true;
	loop->callbacks.on_signal(loop->self, signal);
}

static void on_watch_closed(uv_handle_t *handle)
{
	free(handle);
}

int loop_watch(struct loop *loop, int fd)
{
	struct watch *watch;
	int slot = 0, r;

	while (slot < WATCHES && loop->watches[slot])
		slot++;
	if (slot == WATCHES)
		return BW_ERR_LIMIT;
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	watch->loop = loop;
	watch->fd = fd;
	r = uv_poll_init(&loop->uv, &watch->poll, fd);
	if (r < 0) {
		free(watch);
		return r;
	}
	r = uv_poll_start(&watch->poll, UV_READABLE, on_poll);
	if (r < 0) {
		uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
		return r;
	}
	loop->watches[slot] = watch;
	return 0;
}

void loop_unwatch(struct loop *loop, int fd)
{
	for (int i = 0; i < WATCHES; i++) {
		struct watch *watch = loop->watches[i];

		if (!watch || watch->fd != fd)
			continue;
		loop->watches[i] = NULL;
		uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
	}
}

static int start_signals(struct loop *loop)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
	int r = 0;

	for (int i = 0; i < SIGNALS && r == 0; i++) {
		r = uv_signal_init(&loop->uv, &loop->signals[i]);
		loop->signals[i].data = loop;
		if (r == 0)
			r = uv_signal_start(&loop->signals[i], on_signal, numbers[i]);
	}
	return r;
}

/* Everything behind uv_loop_init(). Returns 0 or -errno. */
static int start(struct loop *loop)
{
	int r;

	loop->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->timer_fd < 0)
		return -errno;
	r = loop_watch(loop, loop->timer_fd);
	if (r == 0)
		r = uv_check_init(&loop->uv, &loop->check);
	loop->check.data = loop;
	if (r == 0)
		r = uv_check_start(&loop->check, on_check);
	return r == 0 ? start_signals(loop) : r;
}

int loop_new(const struct loop_callbacks *callbacks, void *self, struct loop **ret_loop,
	     struct bw_err *err)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int r = -ENOMEM;

	if (loop)
		r = uv_loop_init(&loop->uv);
	if (r < 0) {
		free(loop);
		return bw_err_set(err, r, "cannot make an event loop: %s", strerror(-r));
	}
	loop->callbacks = *callbacks;
	loop->self = self;
	loop->deadline = BW_NEVER;
	r = start(loop);
	if (r < 0) {
		loop_free(loop);
		return bw_err_set(err, r, "cannot make an event loop: %s", strerror(-r));
	}
	*ret_loop = loop;
	return 0;
}

static void close_handle(uv_handle_t *handle, void *unused)
{
	(void)unused;
	if (!uv_is_closing(handle))
		uv_close(handle, handle->type == UV_POLL ? on_watch_closed : NULL);
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	uv_walk(&loop->uv, close_handle, NULL);
	do {
		uv_run(&loop->uv, UV_RUN_DEFAULT);
	} while (uv_loop_close(&loop->uv) == UV_EBUSY);
	if (loop->timer_fd >= 0)
		close(loop->timer_fd);
	free(loop);
}

int loop_run(struct loop *loop)
{
	arm(loop, (struct bw_mono){0});
	return uv_run(&loop->uv, UV_RUN_DEFAULT) < 0 ? -EIO : 0;
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}
