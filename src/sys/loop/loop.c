/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

#include "sys/machine/clock.h"

/*
 * libuv's timers count milliseconds, which is too coarse to pace probes. So the deadline
 * is a timerfd among the watched descriptors, an absolute time on the monotonic clock.
 * The timerfd is never read: setting or disarming it clears its readiness.
 *
 * libuv calls the check handle after all descriptors of a turn; it wakes the owner, once,
 * if anything of the turn asks for that.
 *
 * libuv makes each descriptor that it polls non-blocking, which would change a shared
 * descriptor for every process that has it. A watch with LOOP_SHARED therefore polls an
 * epoll descriptor of its own, which is readable when the shared one is ready.
 */

#define WATCHES (LOOP_WATCH_MAX + 1) /* the first is the timerfd */
#define SIGNALS 4

struct watch {
	uv_poll_t poll; /* first: its address is the watch's */
	struct loop *loop;
	int fd;
	int epoll_fd; /* of a shared descriptor: polled in its place; else -1 */
	unsigned events;
	void (*handler)(void *arg, unsigned events); /* NULL: wake the owner */
	void *arg;
	bool failed; /* libuv stopped polling: start it again after this turn */
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
	unsigned occurred = 0;

	watch->failed = status < 0;
	if (events & UV_READABLE)
		occurred |= LOOP_READABLE;
	if (events & UV_WRITABLE)
		occurred |= LOOP_WRITABLE;
	if (status < 0 || watch->epoll_fd >= 0)
		occurred = watch->events & (LOOP_READABLE | LOOP_WRITABLE);
	if (watch->handler)
		watch->handler(watch->arg, occurred);
	else
		watch->loop->woken = true;
}

static void on_deadline(void *self, unsigned events)
{
	struct loop *loop = self;

	(void)events;
	loop->deadline = BW_NEVER;
	loop->reached = true;
	loop->woken = true;
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

static int start_poll(struct watch *watch)
{
	int events = 0;

	if (watch->epoll_fd >= 0 || (watch->events & LOOP_READABLE))
		events |= UV_READABLE;
	if (watch->epoll_fd < 0 && (watch->events & LOOP_WRITABLE))
		events |= UV_WRITABLE;
	return uv_poll_start(&watch->poll, events, on_poll);
}

static void restart_failed(struct loop *loop)
{
	for (int i = 0; i < WATCHES; i++) {
		struct watch *watch = loop->watches[i];

		if (watch && watch->failed) {
			watch->failed = false;
			start_poll(watch);
		}
	}
}

void loop_wake(struct loop *loop)
{
	loop->woken = true;
}

static void on_check(uv_check_t *check)
{
	struct loop *loop = check->data;

	if (loop->woken) {
		loop->woken = false;
		loop->callbacks.on_wake(loop->self, clock_now());
		if (loop->reached)
			arm(loop, BW_NEVER);
	}
	restart_failed(loop);
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

static void close_watch(struct watch *watch)
{
	uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
	if (watch->epoll_fd >= 0)
		close(watch->epoll_fd);
	watch->epoll_fd = -1;
}

/* Returns an epoll descriptor that is readable when the shared FD is ready, or -errno. */
static int open_epoll(int fd, unsigned events)
{
	struct epoll_event event = {0};
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC), code;

	if (epoll_fd < 0)
		return -errno;
	event.events = ((events & LOOP_READABLE) ? EPOLLIN : 0U) |
		       ((events & LOOP_WRITABLE) ? EPOLLOUT : 0U);
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
		return epoll_fd;
	code = -errno;
	close(epoll_fd);
	return code;
}

static int open_poll(struct loop *loop, struct watch *watch)
{
	int fd = watch->fd, r;

	if (watch->events & LOOP_SHARED)
		fd = watch->epoll_fd = open_epoll(watch->fd, watch->events);
	if (fd < 0)
		return fd;
	r = uv_poll_init(&loop->uv, &watch->poll, fd);
	if (r < 0 && watch->epoll_fd >= 0)
		close(watch->epoll_fd);
	return r;
}

int loop_watch(struct loop *loop, int fd, unsigned events,
	       void (*handler)(void *arg, unsigned events), void *arg)
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
	watch->epoll_fd = -1;
	watch->events = events;
	watch->handler = handler;
	watch->arg = arg;
	r = open_poll(loop, watch);
	if (r < 0) {
		free(watch);
		return r;
	}
	r = start_poll(watch);
	if (r < 0) {
		close_watch(watch);
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
		close_watch(watch);
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
	r = loop_watch(loop, loop->timer_fd, LOOP_READABLE, on_deadline, loop);
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
		uv_close(handle, NULL);
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	for (int i = 0; i < WATCHES; i++)
		if (loop->watches[i])
			close_watch(loop->watches[i]);
	uv_walk(&loop->uv, close_handle, NULL);
	do {
		uv_run(&loop->uv, UV_RUN_DEFAULT);
	} while (uv_loop_close(&loop->uv) == UV_EBUSY);
	if (loop->timer_fd >= 0)
		close(loop->timer_fd);
	free(loop);
}

struct uv_loop_s *loop_uv(struct loop *loop)
{
	return &loop->uv;
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
