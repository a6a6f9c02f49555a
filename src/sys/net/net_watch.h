/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_NET_WATCH_H
#define SYS_NET_NET_WATCH_H

#include <stdbool.h>

#include "sys/loop/loop.h"

/*
 * Tells that interfaces, addresses, routes or routing rules of this machine have changed,
 * as soon as the kernel announces it. It does not tell what has changed: look that up.
 */
struct net_watch;

/*
 * From here on each change wakes the owner of LOOP, which must outlive the watch. Returns 0
 * or -errno with a message. net_watch_close() accepts NULL.
 */
int net_watch_open(struct loop *loop, struct net_watch **ret_watch, struct bw_err *err);
void net_watch_close(struct net_watch *watch);

/* Whether something has changed, or may have, since the last call. Does not block. */
bool net_watch_changed(struct net_watch *watch);

#endif
