/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link/frame.h"

#define ETHERTYPE_V4 0x0800
#define ETHERTYPE_V6 0x86dd
#define ETHERTYPE_VLAN 0x8100    /* IEEE 802.1Q */
#define ETHERTYPE_SERVICE 0x88a8 /* IEEE 802.1ad, the outer of two tags */
#define ETHERTYPE_QINQ 0x9100    /* the same, before it was standardised */
#define ETHERTYPE_NONE 0

#define VLAN_TAGS_MAX 2

/* The family number of a loopback frame; IPv6 has another one on each system. */
static uint16_t ethertype_of_family(uint32_t family)
{
	if (family > UINT16_MAX) /* written by a little-endian host */
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		return ETHERTYPE_V4;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return ETHERTYPE_V6;
	default:
		return ETHERTYPE_NONE;
	}
}

static uint16_t ethertype_of_version(struct cursor *c)
{
	struct cursor peek = *c;
	uint8_t version = cursor_u8(&peek) >> 4;

	c->failed = peek.failed;
	return version == 4 ? ETHERTYPE_V4 : version == 6 ? ETHERTYPE_V6 : ETHERTYPE_NONE;
}

/* Reads the link layer's header, but for tags; says what follows. */
static uint16_t read_header(int linktype, struct cursor *c)
{
	uint16_t ethertype = ETHERTYPE_NONE;

	switch (linktype) {
	case FRAME_EN10MB:
		cursor_skip(c, 12);
		return cursor_u16(c);
	case FRAME_LINUX_SLL:
		cursor_skip(c, 14);
		return cursor_u16(c);
	case FRAME_LINUX_SLL2:
		ethertype = cursor_u16(c);
		cursor_skip(c, 18);
		return ethertype;
	case FRAME_NULL:
	case FRAME_LOOP:
		return ethertype_of_family(cursor_u32(c));
	case FRAME_RAW:
	case FRAME_IPV4:
	case FRAME_IPV6:
		return ethertype_of_version(c);
	default:
		return ETHERTYPE_NONE;
	}
}

static bool is_tag(uint16_t ethertype)
{
	return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_SERVICE ||
	       ethertype == ETHERTYPE_QINQ;
}

bool frame_is_readable(int linktype)
{
	static const enum frame_linktype readable[] = {
		FRAME_NULL, FRAME_EN10MB, FRAME_RAW, FRAME_LOOP, FRAME_LINUX_SLL,
		FRAME_IPV4, FRAME_IPV6, FRAME_LINUX_SLL2,
	};

	for (size_t i = 0; i < sizeof(readable) / sizeof(readable[0]); i++)
		if ((int)readable[i] == linktype)
			return true;
	return false;
}

enum reject frame_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct frame *ret_frame)
{
	struct cursor c = cursor_of(bytes, length);
	uint16_t ethertype = read_header(linktype, &c);
	uint32_t on_wire = wire_length > length ? wire_length : length;

	for (int tags = 0; tags < VLAN_TAGS_MAX && is_tag(ethertype); tags++) {
		cursor_skip(&c, 2);
		ethertype = cursor_u16(&c);
	}
	if (c.failed)
		return length < on_wire ? REJECT_TRUNCATED : REJECT_MALFORMED;
	if (ethertype != ETHERTYPE_V4 && ethertype != ETHERTYPE_V6)
		return REJECT_UNRELATED;
	ret_frame->wire_length = on_wire - (length - (uint32_t)cursor_left(&c));
	ret_frame->packet = c;
	return REJECT_NONE;
}
