/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LOOP_LOOP_H
#define SYS_LOOP_LOOP_H

#include <blockwatch/time.h>

/*
 * The event loop of one process. It sleeps until the deadline is reached, a watched
 * descriptor is ready or a signal arrives. In each turn it first calls the handlers of
 * the descriptors that are ready, then wakes its owner once for everything that
 * happened in this turn.
 *
 *	static void on_wake(void *self, struct bw_now now)
 *	{
 *		dispatch captures; tick the vantage;
 *		loop_set_deadline(loop, next deadline of the vantage);
 *	}
 */
struct loop;

struct loop_callbacks {
	void (*on_wake)(void *self, struct bw_now now);
	/* SIGINT, SIGTERM, SIGHUP or SIGUSR1; called before on_wake. */
	void (*on_signal)(void *self, int signal);
};

#define LOOP_WATCH_MAX 32

/*
 * Handles SIGINT, SIGTERM, SIGHUP and SIGUSR1 until the loop is freed. Returns 0 or
 * -errno with a message.
 */
int loop_new(const struct loop_callbacks *callbacks, void *self, struct loop **ret_loop,
	     struct bw_err *err);

/* Stops watching and closes what the loop opened. Accepts NULL. Not from a callback. */
void loop_free(struct loop *loop);

/* Set of events of a descriptor. A hang-up or an error counts as both. */
enum loop_event {
	LOOP_READABLE = 1 << 0,
	LOOP_WRITABLE = 1 << 1,
	/*
	 * Other processes share the descriptor (standard output): its flags stay as they are.
	 * Without this, O_NONBLOCK is set.
	 */
	LOOP_SHARED = 1 << 2,
};

/*
 * Watches FD for EVENTS until loop_unwatch() or loop_free(). Calls HANDLER with ARG and
 * the events that occurred, again in each turn in which the descriptor is ready. HANDLER
 * NULL: the owner is woken instead. One watch for each descriptor; FD must stay open and
 * is no regular file. Returns 0, BW_ERR_LIMIT or -errno.
 */
int loop_watch(struct loop *loop, int fd, unsigned events,
	       void (*handler)(void *arg, unsigned events), void *arg);
void loop_unwatch(struct loop *loop, int fd);

/* For handlers: wakes the owner at the end of this turn. */
void loop_wake(struct loop *loop);

/*
 * Wakes the owner at AT, or at once when AT has passed: never early, and at most about
 * 0.1 ms late on an idle machine. Holds until it is reached or set again. BW_NEVER: none.
 */
void loop_set_deadline(struct loop *loop, struct bw_mono at);

/* The loop of libuv below, for other files of this room. */
struct uv_loop_s *loop_uv(struct loop *loop);

/* Wakes the owner once, then runs until loop_stop(). Returns 0 or -errno. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

#endif
