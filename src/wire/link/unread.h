/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINK_UNREAD_H
#define WIRE_LINK_UNREAD_H

/*
 * What may hide a probe from the decoders: frames that carry, or may carry, IP packets that
 * are not read. The texts are for sentences such as "not read: 12 fragments".
 */
#define UNREAD_LIST(X)                                                   \
	X(UNREAD_NONE, "")                                               \
	X(UNREAD_TRUNCATED, "cut off by a short snapshot length")        \
	X(UNREAD_MALFORMED, "malformed")                                 \
	X(UNREAD_CHECKSUM, "with a wrong IP checksum")                   \
	X(UNREAD_FRAGMENT, "fragments")                                  \
	X(UNREAD_VLAN, "with more than two VLAN tags")                   \
	X(UNREAD_MACSEC, "encrypted (MACsec)")                           \
	X(UNREAD_WLAN, "encrypted or aggregated (802.11)")               \
	X(UNREAD_PPP, "compressed or encrypted (PPP)")                   \
	X(UNREAD_MPLS, "MPLS without IP in it")                          \
	X(UNREAD_GRE, "GRE without IP in it")                            \
	X(UNREAD_ESP, "encrypted (IPsec ESP)")                           \
	X(UNREAD_L2TP, "L2TP")                                           \
	X(UNREAD_GTP, "GTP")                                             \
	X(UNREAD_GENEVE, "Geneve")                                       \
	X(UNREAD_NESTED, "in too many tunnels")

enum unread {
#define X(name, text) name,
	UNREAD_LIST(X)
#undef X
		UNREADS
};

/* The text; "?" for a number that is no kind. */
const char *unread_text(enum unread unread);

#endif
