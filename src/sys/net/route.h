/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_ROUTE_H
#define SYS_NET_ROUTE_H

#include <blockwatch/transport.h>

#include "sys/net/interface.h"

/*
 * Asks the kernel's routing (netlink, with policy rules and all) which way
 * packets go. Nothing is sent anywhere.
 */
struct route_socket;

struct route {
	int status;            /* 0; BW_ERR_NO_ROUTE: none, unreachable, prohibit or blackhole */
	unsigned interface_index;
	struct bw_addr source;  /* what the kernel prefers, or the wish */
	struct bw_addr gateway; /* family 0: on-link. May be IPv6 for an IPv4 route (RFC 5549) */
};

/* Returns 0 or -errno with a message. */
int route_open(struct route_socket **ret_socket, struct bw_err *err);
void route_close(struct route_socket *socket);

/*
 * The way to each of COUNT destinations, IPv4 and IPv6 mixed, under the wish
 * (a wanted source binds only destinations of its family). Fills
 * routes[0..count). Returns how many have a route, or -errno when the kernel
 * cannot be asked. Some 350,000 a second.
 */
int route_lookup(struct route_socket *socket, const struct interface_wish *wish,
		 const struct bw_addr *destinations, size_t count, struct route *routes);

/*
 * The default gateway of a family (4 or 6): the default route of the main
 * table with the lowest metric (and the wanted interface) that has a gateway.
 * ret_route is the way to the gateway itself. Returns 0; BW_ERR_MISSING; -errno.
 */
int route_default_gateway(struct route_socket *socket, const struct interface_wish *wish,
			  int family, struct route *ret_route);

/*
 * The number of ROUTE's way out (interface and source) in a table of
 * BW_EGRESS_MAX ways out, added when it is not yet there. Returns
 * BW_ERR_LIMIT when the table is full; -ENODEV when the interface is gone.
 */
int route_egress(const struct route *route, struct bw_egress *table, uint8_t *count,
		 struct bw_err *err);

#endif
