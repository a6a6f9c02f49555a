/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_UPKEEP_CONNTRACK_WATCH_H
#define APP_RUN_UPKEEP_CONNTRACK_WATCH_H

#include "app/run/current.h"
#include "sys/machine/conntrack.h"

/*
 * While the connection-tracking table of the kernel is full, new probes are dropped on
 * this machine, and the vantage is blind (enum bw_reason: conntrack-full).
 */
struct conntrack_watch {
	struct current *current; /* borrowed */
	struct conntrack table;
};

#define CONNTRACK_WATCH_NS BW_S /* between two looks: a flood fills the table in seconds */

void conntrack_watch_init(struct conntrack_watch *watch, struct current *current);

/* Reads the table, tells the vantage and logs a change. To be called before silence is judged. */
void conntrack_watch_look(struct conntrack_watch *watch, struct bw_now now);

#endif
