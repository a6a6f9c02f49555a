/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINK_FRAME_H
#define WIRE_LINK_FRAME_H

#include "base/cursor.h"
#include "wire/link/unread.h"
#include "wire/reject.h"

/*
 * The link layers that a capture may have, by libpcap's DLT_ numbers on Linux.
 * They are repeated here because this floor does not know libpcap.
 */
#define FRAME_LINKTYPE_LIST(X)                                                           \
	X(FRAME_NULL, 0)          /* BSD loopback: family in the capturing host's byte order */ \
	X(FRAME_EN10MB, 1)        /* Ethernet */                                         \
	X(FRAME_PPP, 9)           /* PPP, perhaps with an HDLC header */                 \
	X(FRAME_RAW, 12)          /* no link layer: tun, wireguard */                    \
	X(FRAME_PPP_SERIAL, 50)   /* PPP or Cisco HDLC */                                \
	X(FRAME_PPP_ETHER, 51)    /* PPPoE without its Ethernet header */                \
	X(FRAME_C_HDLC, 104)      /* Cisco HDLC */                                       \
	X(FRAME_IEEE802_11, 105)                                                         \
	X(FRAME_LOOP, 108)        /* OpenBSD loopback: family in network order */        \
	X(FRAME_LINUX_SLL, 113)   /* the "any" device */                                 \
	X(FRAME_RADIOTAP, 127)    /* IEEE 802.11 behind a radiotap header */             \
	X(FRAME_IPV4, 228)        /* as raw, of one family */                            \
	X(FRAME_IPV6, 229)                                                               \
	X(FRAME_LINUX_SLL2, 276)

enum frame_linktype {
#define X(name, number) name = (number),
	FRAME_LINKTYPE_LIST(X)
#undef X
};

struct frame {
	struct cursor packet; /* what was captured of the IP packet, and padding; borrowed */
	uint32_t wire_length; /* how long that was on the wire */
	enum unread unread;   /* set also where there is no IP packet */
};

/* True for the above. */
bool frame_is_readable(int linktype);

/*
 * Takes the link layer off, with VLAN tags, PPPoE, MPLS labels and LLC/SNAP. Returns
 * REJECT_NONE and fills *ret_frame; REJECT_TRUNCATED or REJECT_MALFORMED when it ends within
 * the link layer (as captured, as sent); REJECT_UNRELATED when there is no IP in it or
 * LINKTYPE is none of the above. A WIRE_LENGTH below LENGTH counts as LENGTH.
 */
enum reject frame_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct frame *ret_frame);

/* The same for what follows an EtherType. WIRE_LENGTH: bytes of C that were on the wire. */
enum reject frame_decode_ethertype(uint16_t ethertype, struct cursor c, uint32_t wire_length,
				   struct frame *ret_frame);

#endif
