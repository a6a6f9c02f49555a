/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_RTNETLINK_H
#define SYS_NET_RTNETLINK_H

#include <linux/rtnetlink.h>
#include <stdbool.h>

#include "base/cursor.h"
#include "sys/net/interface.h"

/* The bytes of the kernel's route messages (rtnetlink(7)), nothing but coding. */

/* A request; header.nlmsg_len says how much of it is to be sent. */
struct rtnetlink_question {
	struct nlmsghdr header;
	struct rtmsg route;
	uint8_t attributes[48];
};

/* Which way leads to DST? SEQ comes back in the answer. */
void rtnetlink_ask(struct rtnetlink_question *question, const struct interface_wish *wish,
		   const struct bw_addr *dst, uint32_t seq);

/* What are all routes of a family (4 or 6)? */
void rtnetlink_ask_all(struct rtnetlink_question *question, int family);

/* What of a message matters here. */
struct rtnetlink_answer {
	uint32_t seq;
	uint16_t kind;      /* RTM_NEWROUTE, NLMSG_ERROR, NLMSG_DONE ...; below: of RTM_NEWROUTE */
	uint8_t type;       /* RTN_UNICAST, RTN_UNREACHABLE ... */
	uint8_t dst_length; /* bits of the prefix */
	uint32_t table, metric;
	unsigned interface_index; /* of several next hops the first; 0: none */
	struct bw_addr source, gateway; /* family 0: none */
};

/*
 * Takes the next message off a datagram. Returns false at its end and where
 * the bytes are no message; then messages->failed tells the two apart.
 */
bool rtnetlink_next(struct cursor *messages, struct rtnetlink_answer *ret_answer);

#endif
