/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link/tunnel.h"

#include "wire/link/encapsulation.h"

#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING 0x4000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_VERSION 0x0007

/* UDP ports, as destinations. */
#define PORT_L2TP 1701
#define PORT_GTP_U 2152
#define PORT_ESP 4500 /* RFC 3948 */
#define PORT_VXLAN 4789
#define PORT_GENEVE 6081
#define PORT_VXLAN_LINUX 8472 /* of Linux before the number was assigned */

#define VXLAN_HAS_VNI 0x08

static enum reject unread(enum unread unread, struct frame *ret_frame)
{
	ret_frame->unread = unread;
	return REJECT_UNRELATED;
}

/* What C has left, of a packet whose payload is that of IP. */
static enum reject inside(const struct ip *ip, uint16_t ethertype, struct cursor c,
			  struct frame *ret_frame)
{
	size_t header = cursor_left(&ip->payload) - cursor_left(&c);

	if (c.failed) {
		(void)unread(ip->whole ? UNREAD_MALFORMED : UNREAD_TRUNCATED, ret_frame);
		return ip_short(ip);
	}
	return frame_decode_ethertype(ethertype, c, ip->payload_length - (uint32_t)header,
				      ret_frame);
}

static enum reject decode_gre(const struct ip *ip, struct frame *ret_frame)
{
	struct cursor c = ip->payload;
	uint16_t flags = cursor_u16(&c), ethertype = cursor_u16(&c);
	enum reject reject;

	if (flags & (GRE_ROUTING | GRE_VERSION))
		return unread(UNREAD_GRE, ret_frame);
	for (unsigned bit = GRE_SEQUENCE; bit <= GRE_CHECKSUM; bit <<= 1)
		if (flags & bit)
			cursor_skip(&c, 4);
	reject = inside(ip, ethertype, c, ret_frame);
	if (reject == REJECT_UNRELATED && ret_frame->unread == UNREAD_NONE &&
	    ethertype != ETHERTYPE_BRIDGED)
		ret_frame->unread = UNREAD_GRE;
	return reject;
}

static enum reject decode_udp(const struct ip *ip, struct frame *ret_frame)
{
	struct cursor c = ip->payload;
	uint16_t port;
	uint8_t flags;

	cursor_skip(&c, 2);
	port = cursor_u16(&c);
	cursor_skip(&c, 4);
	if (c.failed)
		return inside(ip, ETHERTYPE_NONE, c, ret_frame);
	switch (port) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		flags = cursor_u8(&c);
		cursor_skip(&c, 7);
		return flags & VXLAN_HAS_VNI || c.failed
			       ? inside(ip, ETHERTYPE_BRIDGED, c, ret_frame)
			       : REJECT_UNRELATED;
	case PORT_L2TP:
		return unread(UNREAD_L2TP, ret_frame);
	case PORT_GTP_U:
		return unread(UNREAD_GTP, ret_frame);
	case PORT_ESP:
		return unread(UNREAD_ESP, ret_frame);
	case PORT_GENEVE:
		return unread(UNREAD_GENEVE, ret_frame);
	default:
		return REJECT_UNRELATED;
	}
}

enum reject tunnel_decode(const struct ip *ip, struct frame *ret_frame)
{
	ret_frame->unread = UNREAD_NONE;
	switch (ip->protocol) {
	case IP_PROTOCOL_IPV4:
		return inside(ip, ETHERTYPE_V4, ip->payload, ret_frame);
	case IP_PROTOCOL_IPV6:
		return inside(ip, ETHERTYPE_V6, ip->payload, ret_frame);
	case IP_PROTOCOL_GRE:
		return decode_gre(ip, ret_frame);
	case IP_PROTOCOL_UDP:
		return decode_udp(ip, ret_frame);
	case IP_PROTOCOL_ESP:
		return unread(UNREAD_ESP, ret_frame);
	case IP_PROTOCOL_L2TP:
		return unread(UNREAD_L2TP, ret_frame);
	default:
		return REJECT_UNRELATED;
	}
}
