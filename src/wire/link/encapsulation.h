/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINK_ENCAPSULATION_H
#define WIRE_LINK_ENCAPSULATION_H

#include "base/cursor.h"
#include "wire/link/unread.h"

/*
 * What lies between a link layer and IP, named by EtherTypes. An EtherType of 0 means: no IP.
 * Functions read from a cursor; a header that ends too early leaves the cursor failed.
 */
enum ethertype {
	ETHERTYPE_NONE = 0,
	ETHERTYPE_V4 = 0x0800,
	ETHERTYPE_BRIDGED = 0x6558, /* an Ethernet frame, in GRE */
	ETHERTYPE_VLAN = 0x8100,    /* IEEE 802.1Q */
	ETHERTYPE_V6 = 0x86dd,
	ETHERTYPE_MPLS = 0x8847, /* RFC 3032 */
	ETHERTYPE_MPLS_UPSTREAM = 0x8848,
	ETHERTYPE_PPPOE = 0x8864,   /* RFC 2516, session stage */
	ETHERTYPE_SERVICE = 0x88a8, /* IEEE 802.1ad, the outer of two tags */
	ETHERTYPE_MACSEC = 0x88e5,
	ETHERTYPE_QINQ = 0x9100, /* as 0x88a8, before it was standardised */
};

#define ENCAPSULATION_TAGS_MAX 2   /* VLAN tags */
#define ENCAPSULATION_LABELS_MAX 8 /* MPLS labels */

/*
 * Takes off VLAN tags, PPPoE, MPLS and LLC/SNAP. Returns ETHERTYPE_V4, ETHERTYPE_V6 or
 * ETHERTYPE_NONE; with the last, *ret_unread says what may hide IP, else it is untouched.
 */
uint16_t encapsulation_take_off(struct cursor *c, uint16_t ethertype, enum unread *ret_unread);

/* The EtherType of an IP packet without a link layer, by its version. Reads nothing. */
uint16_t encapsulation_of_version(struct cursor *c);

/* Reads an LLC and SNAP header (RFC 1042). */
uint16_t encapsulation_of_llc(struct cursor *c);

/* Reads a PPP header (RFC 1661), with or without address and control field (RFC 1662). */
uint16_t encapsulation_of_ppp(struct cursor *c, enum unread *ret_unread);

/* Reads the header of PPPoE. */
uint16_t encapsulation_of_pppoe(struct cursor *c, enum unread *ret_unread);

#endif
