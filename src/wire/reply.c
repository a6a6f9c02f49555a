/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replies to probes of ours, out of what wire/packet.c decodes.
 *
 * A packet is a reply by its form when it is an answer or an ICMP error and, for methods
 * with ports, the probe's source port lies in the range of tokens. Everything else is
 * "unrelated", above all our own probes, which a capture sees as well, and the RST
 * without ACK with which our kernel answers a SYN-ACK. The packet is not compared with
 * any probe here: this floor has no state. The engines find out whether a token is true.
 *
 * An error may come from anybody; it names the probe by what it quotes.
 */
#include "wire/reply.h"

#include "wire/method/method_ops.h"
#include "wire/packet.h"
#include "wire/token.h"

_Static_assert(TOKEN_PORT_LAST == UINT16_MAX, "no upper bound is tested below");

static bool has_form_of_ours(const struct packet *packet)
{
	return !bw_protocol_has_port(packet->method.protocol) ||
	       packet->source_port >= TOKEN_PORT_FIRST;
}

static enum reject check(struct packet *packet)
{
	enum reject reject;

	if (packet->role == PACKET_REQUEST ||
	    (packet->role == PACKET_ANSWER && !has_form_of_ours(packet)))
		return REJECT_UNRELATED;
	if (!packet_is_intact(packet))
		return REJECT_CHECKSUM;
	if (packet->role == PACKET_ANSWER)
		return REJECT_NONE;
	reject = packet_decode_quote(packet);
	if (reject)
		return reject;
	return has_form_of_ours(packet) ? REJECT_NONE : REJECT_UNRELATED;
}

enum reject reply_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct reply *ret_reply)
{
	struct packet packet;
	enum reject reject = packet_decode(linktype, bytes, length, wire_length, &packet);

	if (!reject)
		reject = check(&packet);
	if (reject)
		return reject;
	*ret_reply = (struct reply){
		.kind = packet.kind,
		.from = packet.ip.src,
		.to = packet.ip.dst,
		.probed = packet.probed,
		.method = packet.method,
		.brief = packet.brief,
		.alternate_brief = packet.alternate_brief,
		.source_port = packet.source_port,
		.ttl = packet.ip.ttl,
		.quoted_ttl = packet.quoted_ttl,
		.icmp_type = packet.icmp_type,
		.icmp_code = packet.icmp_code,
		.proves_itself = packet.role == PACKET_ANSWER &&
				 method_ops(packet.method.protocol)->has_token_payload,
	};
	ret_reply->has_payload =
		token_payload_decode(packet.payload.at, cursor_left(&packet.payload),
				     &ret_reply->payload);
	return REJECT_NONE;
}
