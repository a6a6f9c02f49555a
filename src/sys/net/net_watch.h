/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_NET_WATCH_H
#define SYS_NET_NET_WATCH_H

#include <stdbool.h>

#include "sys/loop/loop.h"

/*
 * Tells when anything about the interfaces, addresses, routes or routing rules of
 * this machine has changed, as soon as the kernel says so. What has changed it does
 * not tell: whoever wants to know asks anew.
 */
struct net_watch;

/*
 * LOOP wakes its owner upon each change from here on; it must outlive the watch. Returns
 * 0 or -errno with a message. net_watch_close() accepts NULL.
 */
int net_watch_open(struct loop *loop, struct net_watch **ret_watch, struct bw_err *err);
void net_watch_close(struct net_watch *watch);

/* Whether something has changed since the last call, or may have. Never waits. */
bool net_watch_changed(struct net_watch *watch);

#endif
