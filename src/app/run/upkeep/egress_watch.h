/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_UPKEEP_EGRESS_WATCH_H
#define APP_RUN_UPKEEP_EGRESS_WATCH_H

#include "app/run/current.h"
#include "sys/loop/timers.h"
#include "sys/net/net_watch.h"

/*
 * Follows the routes of all blocks and references, and the interfaces of this machine. They are
 * looked up when the kernel announces a change, shortly after that, and from time to time.
 *
 * Blocks move to the way out of their present route; those without a route are unknown, reason
 * no-route, and all others are watched on. Ways through an interface that is down are blind,
 * reason interface-down. When an egress or a gateway is new, a new instance is adopted.
 */
struct egress_watch {
	struct current *current;
	struct timers *timers;
	size_t timer; /* whose handler calls egress_watch_look() */
	struct net_watch *net;
	const struct instance *instance; /* that was looked at last */
	struct bw_mono looked_at, adopted_at;
	int64_t pause_ns;  /* until the next look at the least */
	uint32_t unrouted; /* blocks without a route at the last look */
	unsigned down;     /* egresses whose interface was down */
	bool announced;    /* a change, since the last look */
	bool broken;       /* a capture has failed for good: a new instance is needed */
};

/*
 * CURRENT and TIMERS are borrowed; CURRENT->loop must be set. To be opened before the first
 * instance is built, so that no change is missed. Returns 0 or -errno with a message.
 */
int egress_watch_open(struct egress_watch *watch, struct current *current, struct timers *timers,
		      size_t timer, struct bw_err *err);
void egress_watch_close(struct egress_watch *watch);

/* Sets the timer for the first look, at NOW: at a start there may be no egress yet. */
void egress_watch_schedule(struct egress_watch *watch, struct bw_mono now);

/* In each wake: sets the timer if the kernel has announced a change, or after a reload. */
void egress_watch_listen(struct egress_watch *watch, struct bw_now now);

/* A capture has failed with ERR: looks at once. */
void egress_watch_lost(struct egress_watch *watch, const struct bw_err *err, struct bw_now now);

/* Looks up routes and interfaces, acts on them, and sets the timer. */
void egress_watch_look(struct egress_watch *watch, struct bw_now now);

#endif
