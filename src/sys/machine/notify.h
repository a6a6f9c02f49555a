/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_NOTIFY_H
#define SYS_MACHINE_NOTIFY_H

#include <sys/socket.h>
#include <sys/un.h>

#include <blockwatch/time.h>

/*
 * Tells the service manager how things stand: the datagrams of sd_notify(3), without
 * its library. Started by nobody who wants to know, nothing is sent, silently; and what
 * cannot be delivered is not worth a word either: a service must not fail because
 * its manager does not listen.
 */
struct notify {
	int fd; /* -1: nobody wants to know */
	struct sockaddr_un address;
	socklen_t length;
	int64_t watchdog_ns; /* send notify_watchdog() at least so often; 0: not wanted */
};

#define NOTIFY_STATUS_MAX 256 /* bytes of a status that are sent */

/* From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which children do not inherit then. */
void notify_init(struct notify *notify);
void notify_fini(struct notify *notify);

void notify_ready(const struct notify *notify);

/* A reload has begun, now; notify_ready() ends it. */
void notify_reloading(const struct notify *notify, struct bw_mono now);
void notify_stopping(const struct notify *notify);
void notify_watchdog(const struct notify *notify);

/* One line for people; control characters become spaces. */
void notify_status(const struct notify *notify, const char *text);

#endif
