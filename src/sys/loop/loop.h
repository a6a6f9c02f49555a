/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LOOP_LOOP_H
#define SYS_LOOP_LOOP_H

#include <blockwatch/time.h>

/*
 * The event loop of one vantage: it sleeps until the deadline, until a watched
 * descriptor is readable or until a signal comes, and then wakes the owner once
 * for all that has happened meanwhile.
 *
 *	static void on_wake(void *self, struct bw_now now)
 *	{
 *		dispatch captures; tick the vantage;
 *		loop_set_deadline(loop, what the vantage says);
 *	}
 */
struct loop;

struct loop_callbacks {
	void (*on_wake)(void *self, struct bw_now now);
	/* SIGINT, SIGTERM, SIGHUP or SIGUSR1; before on_wake. */
	void (*on_signal)(void *self, int signal);
};

#define LOOP_WATCH_MAX 32

/*
 * Takes over SIGINT, SIGTERM, SIGHUP and SIGUSR1 until it is freed. Returns 0 or -errno
 * with a message.
 */
int loop_new(const struct loop_callbacks *callbacks, void *self, struct loop **ret_loop,
	     struct bw_err *err);

/* Stops watching and closes everything of its own; NULL is accepted. Not from a callback. */
void loop_free(struct loop *loop);

/*
 * Watches FD (not a regular file, once only) until loop_unwatch() or the end;
 * it must stay open so long. Returns 0; BW_ERR_LIMIT; -errno.
 */
int loop_watch(struct loop *loop, int fd);
void loop_unwatch(struct loop *loop, int fd);

/*
 * Wakes at AT (at once, when it has passed), never early and some 0.1 ms late
 * at most on an idle machine. It holds until it is reached or set anew.
 * BW_NEVER: none.
 */
void loop_set_deadline(struct loop *loop, struct bw_mono at);

/* Wakes once, then runs until loop_stop(). Returns 0 or -errno. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

#endif
