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
#include "wire/method/method_ops.h"

enum reject packet_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			  struct packet *ret_packet)
{
	const struct method_ops *ops;
	struct frame frame;
	enum reject reject = frame_decode(linktype, bytes, length, wire_length, &frame);

	if (!reject)
		reject = ip_decode(frame.packet, frame.wire_length, &ret_packet->ip);
	if (reject)
		return reject;
	ops = method_ops_of_ip(&ret_packet->ip);
	if (!ops)
		return REJECT_UNRELATED;
	if (ret_packet->ip.fragment)
		return REJECT_FRAGMENT;
	ret_packet->source_port = 0;
	ret_packet->quoted_ttl = ret_packet->icmp_type = ret_packet->icmp_code = 0;
	ret_packet->payload = cursor_of(NULL, 0);
	return ops->decode(ret_packet);
}

bool packet_is_intact(const struct packet *packet)
{
	return method_ops_of_ip(&packet->ip)->is_intact(&packet->ip);
}

enum reject packet_decode_quote(struct packet *packet)
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
	ops = method_ops_of_ip(&quote);
	if (quote.later || !ops)
		return REJECT_UNRELATED;
	packet->prober = quote.src;
	packet->probed = quote.dst;
	packet->quoted_ttl = quote.ttl;
	reject = ops->decode_quote(&quote, packet);
	return reject == REJECT_TRUNCATED ? ip_short(&packet->ip) : reject;
}
