/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINK_TUNNEL_H
#define WIRE_LINK_TUNNEL_H

#include "wire/ip.h"
#include "wire/link/frame.h"

/*
 * Takes one tunnel off a packet: IP in IP (RFC 2003, RFC 4213), GRE (RFC 2784, RFC 2890) with
 * IP, MPLS or Ethernet in it, VXLAN (RFC 7348). Only for captures: a live vantage is not the
 * end of other people's tunnels.
 *
 * Returns REJECT_NONE and fills *ret_frame with the packet inside; REJECT_TRUNCATED or
 * REJECT_MALFORMED; REJECT_UNRELATED when IP is no tunnel, or there is no IP in it.
 * ret_frame->unread says what may hide IP. IP must not be a fragment.
 */
enum reject tunnel_decode(const struct ip *ip, struct frame *ret_frame);

#endif
