/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_UPKEEP_EGRESS_WATCH_H
#define APP_RUN_UPKEEP_EGRESS_WATCH_H

#include "app/run/current.h"
#include "sys/loop/timers.h"
#include "sys/net/net_watch.h"

/*
 * Follows the egress of this machine: interfaces, addresses and routes. They are looked
 * up when the kernel announces a change, shortly after that, and from time to time. While
 * probes cannot leave, the vantage is blind (enum bw_reason: no-route or interface-down).
 * When they leave another way, or can leave again, a new instance is adopted.
 */
struct egress_watch {
	struct current *current;
	struct timers *timers;
	size_t timer; /* whose handler calls egress_watch_look() */
	struct net_watch *net;
	struct bw_mono looked_at, adopted_at;
	bool announced; /* a change, since the last look */
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

/* In each wake: sets the timer if the kernel has announced a change. */
void egress_watch_listen(struct egress_watch *watch, struct bw_now now);

/* A capture has failed with ERR: the interface is gone. */
void egress_watch_lost(struct egress_watch *watch, const struct bw_err *err, struct bw_now now);

/* Looks up the egress, acts on it, and sets the timer. */
void egress_watch_look(struct egress_watch *watch, struct bw_now now);

#endif
