/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LOOP_TIMERS_H
#define SYS_LOOP_TIMERS_H

#include <stddef.h>

#include <blockwatch/time.h>

/*
 * A table of timers that share one deadline of the loop. The owner names its timers in
 * an enum; the number is the place in the table:
 *
 *	enum { TIMER_SAVE, TIMER_STATUS, TIMERS };
 *	static const struct timer table[TIMERS] = {
 *		[TIMER_SAVE] = {"save", 60 * BW_S, save},
 *		[TIMER_STATUS] = {"status", 30 * BW_S, tell_status},
 *	};
 *
 * Reads no clock and sets no timer of the system: time is an argument.
 */
struct timer {
	const char *name;
	/* From one run to the next. 0: runs only when timers_set() says so. */
	int64_t period_ns;
	void (*handler)(void *self, struct bw_now now);
};

#define TIMERS_MAX 16

/* The fields are private. */
struct timers {
	const struct timer *table;
	size_t count;
	void *self;
	struct bw_mono deadlines[TIMERS_MAX]; /* BW_NEVER: off */
};

/* TABLE is borrowed and has at most TIMERS_MAX entries. SELF goes to the handlers. All are off. */
void timers_init(struct timers *timers, const struct timer *table, size_t count, void *self);

/* Runs the timer at AT instead of its former deadline. BW_NEVER: off. */
void timers_set(struct timers *timers, size_t timer, struct bw_mono at);

/* As timers_set(), but never later than the deadline that it has. */
void timers_advance(struct timers *timers, size_t timer, struct bw_mono at);

/*
 * Runs the timers FIRST to LAST (of the table, both included) whose deadline is not after
 * NOW, each once, in the order of the table. Before its handler is called, a timer is set
 * to NOW and its period, or is off when it has none; the handler may set it otherwise.
 */
void timers_run(struct timers *timers, size_t first, size_t last, struct bw_now now);

/* The next deadline of all timers; BW_NEVER: none. */
struct bw_mono timers_deadline(const struct timers *timers);

#endif
