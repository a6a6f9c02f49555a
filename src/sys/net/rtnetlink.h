/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_RTNETLINK_H
#define SYS_NET_RTNETLINK_H

#include <linux/rtnetlink.h>
#include <stdbool.h>

#include "base/cursor.h"
#include "sys/net/interface.h"

/* Encodes and decodes the kernel's route messages (rtnetlink(7)). Does no I/O. */

/* A request. Send header.nlmsg_len bytes of it. */
struct rtnetlink_request {
	struct nlmsghdr header;
	struct rtmsg route;
	uint8_t attributes[48];
};

/* Looks up the route to DST under a wish. The reply has the same SEQ. */
void rtnetlink_request_route(struct rtnetlink_request *request, const struct interface_wish *wish,
			     const struct bw_addr *dst, uint32_t seq);

/* Requests all routes of a family (4 or 6). */
void rtnetlink_request_dump(struct rtnetlink_request *request, int family);

/* A gateway behind an interface. */
struct rtnetlink_hop {
	unsigned interface_index;
	struct bw_addr gateway; /* family 0: on-link */
};

#define RTNETLINK_HOPS_MAX 16

/* The fields of a message that are needed here. */
struct rtnetlink_reply {
	uint32_t seq;
	uint16_t kind;      /* RTM_NEWROUTE, NLMSG_ERROR, NLMSG_DONE ...; below: of RTM_NEWROUTE */
	uint8_t type;       /* RTN_UNICAST, RTN_UNREACHABLE ... */
	uint8_t dst_length; /* bits of the prefix */
	uint32_t table, metric;
	unsigned interface_index;       /* of the first of several next hops; 0: none */
	struct bw_addr source, gateway; /* family 0: none */
	/* The next hops of a route that has several; of more than RTNETLINK_HOPS_MAX the first. */
	struct rtnetlink_hop hops[RTNETLINK_HOPS_MAX];
	unsigned hop_count;
};

/*
 * Decodes the next message of a datagram. Returns false at its end, and where the bytes
 * are no message; messages->failed tells the two apart.
 */
bool rtnetlink_next(struct cursor *messages, struct rtnetlink_reply *ret_reply);

#endif
