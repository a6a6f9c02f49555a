/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_FILTER_H
#define SYS_RX_FILTER_H

#include <blockwatch/addr.h>

/*
 * The capture filter, in libpcap's language: packets that may answer a probe of ours.
 *   IPv4: ICMP unreachable, time exceeded and parameter problem; the answers of each
 *         method (wire/method/). First fragments pass.
 *   IPv6: ICMPv6 errors (types 1 to 4); the answers of each method; and packets that
 *         begin with an extension header (hop-by-hop, routing, fragment, destination
 *         options), which the decoder examines.
 * All of it only when it is sent to one of our source addresses. The filter saves work
 * and proves nothing; the token does that.
 */
#define FILTER_TEXT 4096

/* Writes the filter for 1 to BW_EGRESS_MAX addresses. Returns its length. */
size_t filter_format(const struct bw_addr *local, size_t count, char text[FILTER_TEXT]);

#endif
