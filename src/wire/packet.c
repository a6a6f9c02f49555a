/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoder that all receivers share: a captured frame becomes a probe, an answer or
 * an ICMP error, of any tool.
 *
 * Frame, IP and the upper layer are decoded in turn, each through a cursor that cannot
 * leave the captured bytes. The upper layer belongs to a method: the method whose IP
 * protocol number the packet has reads it (wire/method/). An ICMP error is about some
 * other packet; the method of the quoted packet reads the quote.
 *
 * Our own replies are a subset of this (wire/reply.c); the passive engine takes all.
 *
 * "Truncated" means that the capture ends too early (a short snapshot length),
 * "malformed" that the packet does. Callers verify the checksum after they know that the
 * packet concerns them and before they read the quote, so that unrelated traffic is
 * never counted as damaged.
 */
#include "wire/packet.h"

#include "wire/link/frame.h"
#include "wire/link/tunnel.h"
#include "wire/method/method_ops.h"

#define TUNNELS_MAX 4 /* one in another */

/* The upper layer of an IP packet. */
static enum reject decode_payload(struct packet *packet)
{
	const struct method_ops *ops = method_ops_of_ip(&packet->ip);

	if (!ops)
		return REJECT_UNRELATED;
	return packet->ip.fragment ? REJECT_FRAGMENT : ops->decode(packet);
}

enum reject packet_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			  struct packet *ret_packet)
{
	struct frame frame;
	enum reject reject = frame_decode(linktype, bytes, length, wire_length, &frame);

	*ret_packet = (struct packet){.role = PACKET_REQUEST, .unread = frame.unread};
	if (!reject)
		reject = ip_decode(frame.packet, frame.wire_length, &ret_packet->ip);
	if (!reject && ret_packet->ip.blank_checksum)
		reject = REJECT_CHECKSUM;
	return reject ? reject : decode_payload(ret_packet);
}

/* Goes through the tunnels of FRAME to the innermost IP packet. */
static enum reject go_inside(struct frame frame, struct packet *packet)
{
	enum reject reject;

	for (int tunnels = 0; tunnels <= TUNNELS_MAX; tunnels++) {
		struct frame inner;

		reject = ip_decode(frame.packet, frame.wire_length, &packet->ip);
		if (reject)
			return reject;
		if (packet->ip.fragment)
			return REJECT_NONE;
		reject = tunnel_decode(&packet->ip, &inner);
		packet->unread = inner.unread;
		if (reject)
			return reject == REJECT_UNRELATED ? REJECT_NONE : reject;
		frame = inner;
	}
	packet->unread = UNREAD_NESTED;
	return REJECT_UNRELATED;
}

static enum unread unread_of(enum reject reject, enum unread unread)
{
	if (reject == REJECT_TRUNCATED)
		return UNREAD_TRUNCATED;
	if (reject == REJECT_MALFORMED)
		return UNREAD_MALFORMED;
	if (reject == REJECT_CHECKSUM)
		return UNREAD_CHECKSUM;
	return reject == REJECT_FRAGMENT ? UNREAD_FRAGMENT : unread;
}

/* The same, where a packet of a method of traceroute alone is a request. */
static enum reject decode_trace_payload(struct packet *packet)
{
	const struct method_ops *ops = method_ops_of_trace(&packet->ip);

	if (!ops || method_ops_of_ip(&packet->ip))
		return decode_payload(packet);
	if (packet->ip.fragment)
		return REJECT_FRAGMENT;
	packet->role = PACKET_REQUEST;
	packet->prober = packet->ip.src;
	packet->probed = packet->ip.dst;
	return ops->decode_quote(&packet->ip, packet);
}

/* FRAME_REJECT is why FRAME could not be read. */
static enum reject decode_recorded(struct frame frame, enum reject frame_reject,
				   enum reject (*decode)(struct packet *packet),
				   struct packet *ret_packet)
{
	enum reject reject = frame_reject;

	*ret_packet = (struct packet){.role = PACKET_REQUEST, .unread = frame.unread};
	if (!reject)
		reject = go_inside(frame, ret_packet);
	if (!reject)
		reject = decode(ret_packet);
	if (!reject && ret_packet->ip.blank_checksum && ret_packet->role != PACKET_REQUEST)
		reject = REJECT_CHECKSUM;
	ret_packet->unread = unread_of(reject, ret_packet->unread);
	return reject;
}

enum reject packet_decode_recorded(int linktype, const uint8_t *bytes, uint32_t length,
				   uint32_t wire_length, struct packet *ret_packet)
{
	struct frame frame;
	enum reject reject = frame_decode(linktype, bytes, length, wire_length, &frame);

	return decode_recorded(frame, reject, decode_payload, ret_packet);
}

enum reject packet_decode_recorded_trace(int linktype, const uint8_t *bytes, uint32_t length,
					 uint32_t wire_length, struct packet *ret_packet)
{
	struct frame frame;
	enum reject reject = frame_decode(linktype, bytes, length, wire_length, &frame);

	return decode_recorded(frame, reject, decode_trace_payload, ret_packet);
}

bool packet_is_intact(const struct packet *packet)
{
	return method_ops_of_ip(&packet->ip)->is_intact(&packet->ip);
}

static enum reject decode_quote(struct packet *packet,
				const struct method_ops *(*ops_of)(const struct ip *ip))
{
	const struct method_ops *ops;
	struct ip quote;
	enum reject reject = ip_decode_quote(packet->payload, &quote);

	if (reject == REJECT_TRUNCATED)
		return ip_short(&packet->ip);
	if (reject)
		return reject;
	if (quote.dst.family != packet->ip.src.family)
		return REJECT_MALFORMED;
	ops = ops_of(&quote);
	if (quote.later || !ops)
		return REJECT_UNRELATED;
	packet->prober = quote.src;
	packet->probed = quote.dst;
	packet->quoted_ttl = quote.ttl;
	packet->quoted_id = quote.id;
	reject = ops->decode_quote(&quote, packet);
	return reject == REJECT_TRUNCATED ? ip_short(&packet->ip) : reject;
}

enum reject packet_decode_quote(struct packet *packet)
{
	return decode_quote(packet, method_ops_of_ip);
}

enum reject packet_decode_trace_quote(struct packet *packet)
{
	return decode_quote(packet, method_ops_of_trace);
}
