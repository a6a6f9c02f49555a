/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link/frame.h"

#include "wire/link/encapsulation.h"
#include "wire/link/wlan.h"

#define HDLC_CISCO 0x0f00     /* unicast; the protocol is an EtherType */
#define HDLC_CISCO_ALL 0x8f00 /* multicast */

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

/* Skips a header that ends with an EtherType. */
static uint16_t skip_to_ethertype(struct cursor *c, size_t count)
{
	cursor_skip(c, count);
	return cursor_u16(c);
}

static uint16_t read_sll2(struct cursor *c)
{
	uint16_t ethertype = cursor_u16(c);

	cursor_skip(c, 18);
	return ethertype;
}

static uint16_t read_serial(struct cursor *c, enum unread *unread)
{
	struct cursor peek = *c;
	uint16_t header = cursor_u16(&peek);

	if (header == HDLC_CISCO || header == HDLC_CISCO_ALL)
		return skip_to_ethertype(c, 2);
	return encapsulation_of_ppp(c, unread);
}

/* Reads the header of the link layer, and says what follows. */
static uint16_t read_header(enum frame_linktype linktype, struct cursor *c, enum unread *unread)
{
	switch (linktype) {
	case FRAME_EN10MB:
		return skip_to_ethertype(c, 12);
	case FRAME_LINUX_SLL:
		return skip_to_ethertype(c, 14);
	case FRAME_LINUX_SLL2:
		return read_sll2(c);
	case FRAME_NULL:
	case FRAME_LOOP:
		return ethertype_of_family(cursor_u32(c));
	case FRAME_RAW:
	case FRAME_IPV4:
	case FRAME_IPV6:
		return encapsulation_of_version(c);
	case FRAME_PPP:
	case FRAME_PPP_SERIAL:
		return read_serial(c, unread);
	case FRAME_PPP_ETHER:
		return encapsulation_of_pppoe(c, unread);
	case FRAME_C_HDLC:
		return skip_to_ethertype(c, 2);
	case FRAME_IEEE802_11:
		return wlan_read(c, unread);
	case FRAME_RADIOTAP:
		return wlan_read_radiotap(c, unread);
	}
	return ETHERTYPE_NONE;
}

bool frame_is_readable(int linktype)
{
	static const enum frame_linktype readable[] = {
#define X(name, number) name,
		FRAME_LINKTYPE_LIST(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(readable) / sizeof(readable[0]); i++)
		if ((int)readable[i] == linktype)
			return true;
	return false;
}

/* ETHERTYPE is read, and C stands behind it. ALL: what C was at first, and on the wire. */
static enum reject finish(uint16_t ethertype, struct cursor c, size_t length, uint32_t on_wire,
			  struct frame *ret_frame)
{
	enum unread unread = ret_frame->unread;

	ethertype = encapsulation_take_off(&c, ethertype, &unread);
	ret_frame->unread = unread;
	if (c.failed) {
		ret_frame->unread = length < on_wire ? UNREAD_TRUNCATED : UNREAD_MALFORMED;
		return length < on_wire ? REJECT_TRUNCATED : REJECT_MALFORMED;
	}
	if (ethertype != ETHERTYPE_V4 && ethertype != ETHERTYPE_V6)
		return REJECT_UNRELATED;
	ret_frame->wire_length = on_wire - (uint32_t)(length - cursor_left(&c));
	ret_frame->packet = c;
	return REJECT_NONE;
}

enum reject frame_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct frame *ret_frame)
{
	struct cursor c = cursor_of(bytes, length);
	uint16_t ethertype;

	ret_frame->unread = UNREAD_NONE;
	if (!frame_is_readable(linktype))
		return REJECT_UNRELATED;
	ethertype = read_header((enum frame_linktype)linktype, &c, &ret_frame->unread);
	return finish(ethertype, c, length, wire_length > length ? wire_length : length, ret_frame);
}

enum reject frame_decode_ethertype(uint16_t ethertype, struct cursor c, uint32_t wire_length,
				   struct frame *ret_frame)
{
	size_t length = cursor_left(&c);

	ret_frame->unread = UNREAD_NONE;
	if (ethertype == ETHERTYPE_BRIDGED)
		ethertype = skip_to_ethertype(&c, 12);
	return finish(ethertype, c, length, wire_length, ret_frame);
}
