/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_ROUTE_H
#define SYS_NET_ROUTE_H

#include <blockwatch/transport.h>

#include "sys/net/interface.h"
#include "sys/net/rtnetlink.h"

/*
 * Route look-ups in the kernel (netlink), which follow policy rules too. Nothing is sent
 * to the network.
 */
struct route_socket;

struct route {
	int status; /* 0; BW_ERR_NO_ROUTE: none, unreachable, prohibit or blackhole */
	unsigned interface_index;
	struct bw_addr source;  /* preferred by the kernel, or the wish */
	struct bw_addr gateway; /* family 0: on-link. May be IPv6 for an IPv4 route (RFC 5549) */
};

/* Returns 0 or -errno with a message. */
int route_open(struct route_socket **ret_socket, struct bw_err *err);
void route_close(struct route_socket *socket);

/*
 * Looks up the routes to COUNT destinations, IPv4 and IPv6 mixed, under a wish; its source
 * address holds for destinations of its own family only. Fills routes[0..count). Returns
 * how many have a route, or -errno when netlink fails. About 350,000 a second.
 */
int route_lookup(struct route_socket *socket, const struct interface_wish *wish,
		 const struct bw_addr *destinations, size_t count, struct route *routes);

/* The gateways that share routes: of each route with several next hops, those that have one. */
#define ROUTE_SHARED_MAX 16

struct route_shared {
	struct rtnetlink_hop hops[ROUTE_SHARED_MAX]; /* each once; more are left out */
	unsigned count;
};

/*
 * The default gateway of a family (4 or 6): that of the default route in the main table
 * with the lowest metric, through the wanted interface if there is one. *RET_ROUTE is the
 * route to the gateway itself. Returns 0, BW_ERR_MISSING or -errno. Fills SHARED for the family
 * and the wanted interface, also where there is no default gateway.
 */
int route_default_gateway(struct route_socket *socket, const struct interface_wish *wish,
			  int family, struct route *ret_route, struct route_shared *ret_shared);

/*
 * Finds the egress of ROUTE (interface and source) in TABLE, which has room for
 * BW_EGRESS_MAX, or adds it. Returns its number; BW_ERR_LIMIT when the table is full;
 * -ENODEV when the interface is gone.
 */
int route_egress(const struct route *route, struct bw_egress *table, uint8_t *count,
		 struct bw_err *err);

#endif
