/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_NOTIFY_H
#define SYS_MACHINE_NOTIFY_H

#include <sys/socket.h>
#include <sys/un.h>

#include <blockwatch/time.h>

/*
 * Messages to the service manager: the datagrams of sd_notify(3), without its library.
 * Without a service manager nothing is sent. A message that cannot be delivered is
 * dropped without a word: the service must not fail because its manager does not listen.
 */
struct notify {
	int fd; /* -1: there is no service manager */
	struct sockaddr_un address;
	socklen_t length;
	int64_t watchdog_ns; /* the longest pause between two notify_watchdog(); 0: none wanted */
};

#define NOTIFY_STATUS_MAX 256 /* bytes of a status that are sent */

/* Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and removes them from the environment. */
void notify_init(struct notify *notify);
void notify_fini(struct notify *notify);

void notify_ready(const struct notify *notify);

/* A reload began at NOW; notify_ready() ends it. */
void notify_reloading(const struct notify *notify, struct bw_mono now);
void notify_stopping(const struct notify *notify);
void notify_watchdog(const struct notify *notify);

/* One line for people. Control characters become spaces. */
void notify_status(const struct notify *notify, const char *text);

#endif
