/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net/net_watch.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The announcements of the kernel (rtnetlink(7)) are drained, not decoded. Which egress a
 * packet takes depends on many tables (rules, metrics, next hops, source addresses); a
 * route look-up answers that, and a copy of the tables would have to repeat it. So it does
 * no harm when announcements are lost because there were too many (ENOBUFS): that counts
 * as a change.
 */

#define GROUP(name) (1U << (RTNLGRP_##name - 1))
#define GROUPS                                                                     \
	(GROUP(LINK) | GROUP(IPV4_IFADDR) | GROUP(IPV4_ROUTE) | GROUP(IPV4_RULE) | \
	 GROUP(IPV6_IFADDR) | GROUP(IPV6_ROUTE) | GROUP(IPV6_RULE) | GROUP(NEXTHOP))
#define TAKE_MAX 1024 /* announcements in one call, so that a storm does not stop the probing */

struct net_watch {
	struct loop *loop;
	int fd;
};

static int subscribe(struct net_watch *watch)
{
	struct sockaddr_nl name = {.nl_family = AF_NETLINK, .nl_groups = GROUPS};

	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (watch->fd < 0)
		return -errno;
	if (bind(watch->fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		return -errno;
	return loop_watch(watch->loop, watch->fd, LOOP_READABLE, NULL, NULL);
}

int net_watch_open(struct loop *loop, struct net_watch **ret_watch, struct bw_err *err)
{
	struct net_watch *watch = calloc(1, sizeof(*watch));
	int code;

	if (!watch)
		return bw_err_set(err, -ENOMEM, "out of memory");
	watch->loop = loop;
	code = subscribe(watch);
	if (code < 0) {
		net_watch_close(watch);
		return bw_err_set(err, code, "cannot watch interfaces and routes: netlink: %s",
				  bw_error_text(code));
	}
	*ret_watch = watch;
	return 0;
}

void net_watch_close(struct net_watch *watch)
{
	if (!watch)
		return;
	if (watch->fd >= 0) {
		loop_unwatch(watch->loop, watch->fd);
		close(watch->fd);
	}
	free(watch);
}

bool net_watch_changed(struct net_watch *watch)
{
	bool changed = false;

	for (unsigned i = 0; i < TAKE_MAX; i++) {
		char byte;

		/* Reading one byte removes the whole datagram. */
		if (recv(watch->fd, &byte, sizeof(byte), MSG_DONTWAIT) < 0 && errno != ENOBUFS)
			break;
		changed = true;
	}
	return changed;
}
