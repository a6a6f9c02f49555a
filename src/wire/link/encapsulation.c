/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link/encapsulation.h"

#include <string.h>

#define LAYERS_MAX 8
#define LENGTH_MAX 1500 /* of IEEE 802.3: not an EtherType but a length, and LLC follows */

#define SNAP 0xaa /* in both addresses of LLC */

#define PPP_V4 0x0021
#define PPP_V6 0x0057
#define PPP_COMPRESSED 0x00fd
#define PPP_MPLS 0x0281
#define PPP_HDLC 0xff03 /* address and control field */

#define MPLS_BOTTOM 0x100 /* the last label of the stack */

uint16_t encapsulation_of_version(struct cursor *c)
{
	struct cursor peek = *c;
	uint8_t version = cursor_u8(&peek) >> 4;

	c->failed = peek.failed;
	return version == 4 ? ETHERTYPE_V4 : version == 6 ? ETHERTYPE_V6 : ETHERTYPE_NONE;
}

uint16_t encapsulation_of_llc(struct cursor *c)
{
	static const uint8_t snap[] = {SNAP, SNAP, 0x03, 0, 0, 0};
	struct cursor peek = *c;
	const uint8_t *header;
	uint16_t ethertype;

	if (cursor_u8(&peek) != SNAP || cursor_u8(&peek) != SNAP)
		return ETHERTYPE_NONE;
	header = cursor_take(c, sizeof(snap));
	ethertype = cursor_u16(c);
	return header && memcmp(header, snap, sizeof(snap)) == 0 ? ethertype : ETHERTYPE_NONE;
}

static uint16_t ethertype_of_ppp(uint16_t protocol, enum unread *ret_unread)
{
	switch (protocol) {
	case PPP_V4:
		return ETHERTYPE_V4;
	case PPP_V6:
		return ETHERTYPE_V6;
	case PPP_MPLS:
		return ETHERTYPE_MPLS;
	case PPP_COMPRESSED:
		*ret_unread = UNREAD_PPP;
		return ETHERTYPE_NONE;
	default:
		return ETHERTYPE_NONE;
	}
}

/* A protocol number whose first byte is odd has one byte only (RFC 1661, section 6.5). */
static uint16_t read_ppp_protocol(struct cursor *c)
{
	struct cursor peek = *c;

	return cursor_u8(&peek) & 1 ? cursor_u8(c) : cursor_u16(c);
}

uint16_t encapsulation_of_ppp(struct cursor *c, enum unread *ret_unread)
{
	struct cursor peek = *c;

	if (cursor_u16(&peek) == PPP_HDLC)
		cursor_skip(c, 2);
	return ethertype_of_ppp(read_ppp_protocol(c), ret_unread);
}

uint16_t encapsulation_of_pppoe(struct cursor *c, enum unread *ret_unread)
{
	uint8_t code;

	cursor_skip(c, 1);
	code = cursor_u8(c);
	cursor_skip(c, 4);
	return code == 0 ? ethertype_of_ppp(read_ppp_protocol(c), ret_unread) : ETHERTYPE_NONE;
}

static uint16_t read_labels(struct cursor *c, enum unread *ret_unread)
{
	uint16_t ethertype;
	int labels = 0;

	while (!(cursor_u32(c) & MPLS_BOTTOM) && !c->failed)
		if (++labels == ENCAPSULATION_LABELS_MAX)
			return ETHERTYPE_NONE;
	ethertype = encapsulation_of_version(c);
	if (ethertype == ETHERTYPE_NONE)
		*ret_unread = UNREAD_MPLS;
	return ethertype;
}

static uint16_t read_tag(struct cursor *c, int *tags, enum unread *ret_unread)
{
	if (++*tags > ENCAPSULATION_TAGS_MAX) {
		*ret_unread = UNREAD_VLAN;
		return ETHERTYPE_NONE;
	}
	cursor_skip(c, 2);
	return cursor_u16(c);
}

uint16_t encapsulation_take_off(struct cursor *c, uint16_t ethertype, enum unread *ret_unread)
{
	int tags = 0;

	for (int layers = 0; layers < LAYERS_MAX && !c->failed; layers++) {
		switch (ethertype) {
		case ETHERTYPE_V4:
		case ETHERTYPE_V6:
		case ETHERTYPE_NONE:
			return ethertype;
		case ETHERTYPE_VLAN:
		case ETHERTYPE_SERVICE:
		case ETHERTYPE_QINQ:
			ethertype = read_tag(c, &tags, ret_unread);
			break;
		case ETHERTYPE_PPPOE:
			ethertype = encapsulation_of_pppoe(c, ret_unread);
			break;
		case ETHERTYPE_MPLS:
		case ETHERTYPE_MPLS_UPSTREAM:
			ethertype = read_labels(c, ret_unread);
			break;
		case ETHERTYPE_MACSEC:
			*ret_unread = UNREAD_MACSEC;
			return ETHERTYPE_NONE;
		default:
			if (ethertype > LENGTH_MAX)
				return ETHERTYPE_NONE;
			ethertype = encapsulation_of_llc(c);
		}
	}
	return ETHERTYPE_NONE;
}
