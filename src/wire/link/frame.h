/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINK_FRAME_H
#define WIRE_LINK_FRAME_H

#include "base/cursor.h"
#include "wire/reject.h"

/*
 * The link layers that can be decoded, by libpcap's DLT_ numbers on Linux. They are
 * repeated here because this floor does not use libpcap.
 */
enum frame_linktype {
	FRAME_NULL = 0,        /* BSD loopback: family in the byte order of the capturing host */
	FRAME_EN10MB = 1,      /* Ethernet, with up to two VLAN tags */
	FRAME_RAW = 12,        /* no link layer: tun, wireguard, ppp */
	FRAME_LOOP = 108,      /* OpenBSD loopback: family in network order */
	FRAME_LINUX_SLL = 113, /* the "any" device */
	FRAME_IPV4 = 228,      /* as raw, of one family */
	FRAME_IPV6 = 229,
	FRAME_LINUX_SLL2 = 276,
};

struct frame {
	struct cursor packet; /* what was captured of the IP packet, and padding; borrowed */
	uint32_t wire_length; /* how long that was on the wire */
};

/* True for the above. */
bool frame_is_readable(int linktype);

/*
 * Removes the link layer. Returns REJECT_NONE and fills *ret_frame, or
 * REJECT_TRUNCATED or REJECT_MALFORMED when it ends within the link layer (as
 * captured, as sent), REJECT_UNRELATED when there is no IP in it or LINKTYPE is
 * none of the above. A WIRE_LENGTH below LENGTH counts as LENGTH.
 */
enum reject frame_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct frame *ret_frame);

#endif
