/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_FILTER_H
#define SYS_RX_FILTER_H

#include <blockwatch/addr.h>

/*
 * The capture filter, in libpcap's language: what may answer a probe of ours.
 *   IPv4: ICMP echo reply, unreachable, time exceeded, parameter problem; TCP to
 *         the token ports with SYN and ACK, or with RST. First fragments pass.
 *   IPv6: ICMPv6 echo reply and errors (types 1 to 4); the same TCP; and whatever
 *         starts with an extension header (hop-by-hop, routing, fragment,
 *         destination options), of which the decoder judges.
 * All of it only when it is sent to one of our source addresses. It spares work
 * and proves nothing: the token does that.
 */
#define FILTER_TEXT 4096

/*
 * Writes the filter for 1 to BW_EGRESS_MAX addresses. Returns its length.
 */
size_t filter_format(const struct bw_addr *local, size_t count, char text[FILTER_TEXT]);

#endif
