/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/passive/passive_packet.h"

#include "wire/frame.h"
#include "wire/icmp.h"
#include "wire/ip.h"
#include "wire/tcp.h"

static enum reject reject_short(const struct ip *ip)
{
	return ip->whole ? REJECT_MALFORMED : REJECT_TRUNCATED;
}

static void set_ends(struct passive_packet *packet, const struct bw_addr *prober,
		     const struct bw_addr *probed)
{
	packet->prober = *prober;
	packet->probed = *probed;
}

static void set_brief(struct passive_packet *packet, uint8_t protocol, uint32_t brief)
{
	packet->method.protocol = protocol;
	packet->brief = packet->alternate_brief = brief;
}

static bool is_icmp(const struct ip *ip)
{
	return ip->protocol == (ip->dst.family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6);
}

static enum reject decode_quoted(const struct ip *quote, struct passive_packet *packet)
{
	struct icmp icmp;
	struct tcp tcp;

	set_ends(packet, &quote->src, &quote->dst);
	if (is_icmp(quote)) {
		if (!icmp_decode(quote->dst.family, quote->payload, &icmp))
			return REJECT_TRUNCATED;
		if (icmp.role != ICMP_REQUEST)
			return REJECT_UNRELATED;
		set_brief(packet, BW_PROTOCOL_ICMP, icmp.echo);
		return REJECT_NONE;
	}
	if (quote->protocol != IP_PROTOCOL_TCP)
		return REJECT_UNRELATED;
	if (!tcp_decode_quote(quote->payload, &tcp))
		return REJECT_TRUNCATED;
	set_brief(packet, BW_PROTOCOL_TCP, tcp.seq);
	packet->method.port = tcp.dst_port;
	packet->source_port = tcp.src_port;
	return REJECT_NONE;
}

/* An error goes to whom it quotes; one that does not was made up, or is another's. */
static enum reject decode_error(const struct ip *ip, const struct icmp *icmp,
				struct passive_packet *packet)
{
	struct ip quote;
	enum reject reject = ip_decode_quote(icmp->body, &quote);

	if (reject == REJECT_TRUNCATED)
		return reject_short(ip);
	if (reject)
		return reject;
	if (quote.later || !bw_addr_equal(&quote.src, &ip->dst))
		return REJECT_UNRELATED;
	packet->role = PASSIVE_ERROR;
	packet->kind = icmp_error_kind(ip->src.family, icmp->type, icmp->code);
	reject = decode_quoted(&quote, packet);
	return reject == REJECT_TRUNCATED ? reject_short(ip) : reject;
}

static enum reject decode_icmp(const struct ip *ip, struct passive_packet *packet)
{
	struct icmp icmp;

	if (!icmp_decode(ip->src.family, ip->payload, &icmp))
		return reject_short(ip);
	if (icmp.role == ICMP_OTHER)
		return REJECT_UNRELATED;
	if (icmp.role != ICMP_REQUEST && !ip_payload_is_intact(ip))
		return REJECT_CHECKSUM;
	if (icmp.role == ICMP_ERROR)
		return decode_error(ip, &icmp, packet);
	set_brief(packet, BW_PROTOCOL_ICMP, icmp.echo);
	packet->payload = icmp.body;
	packet->kind = REPLY_ECHO;
	if (icmp.role == ICMP_REQUEST) {
		packet->role = PASSIVE_REQUEST;
		set_ends(packet, &ip->src, &ip->dst);
	} else {
		packet->role = PASSIVE_ANSWER;
		set_ends(packet, &ip->dst, &ip->src);
	}
	return REJECT_NONE;
}

static void decode_syn(const struct ip *ip, const struct tcp *tcp, struct passive_packet *packet)
{
	packet->role = PASSIVE_REQUEST;
	set_ends(packet, &ip->src, &ip->dst);
	set_brief(packet, BW_PROTOCOL_TCP, tcp->seq);
	packet->method.port = tcp->dst_port;
	packet->source_port = tcp->src_port;
}

static enum reject decode_tcp(const struct ip *ip, struct passive_packet *packet)
{
	struct tcp tcp;
	enum reject reject = tcp_decode(ip, &tcp);
	bool rst;

	if (reject)
		return reject;
	rst = tcp.flags & TCP_RST;
	if (!rst && (tcp.flags & TCP_SYN) && !(tcp.flags & TCP_ACK)) {
		decode_syn(ip, &tcp, packet);
		return REJECT_NONE;
	}
	if (!(tcp.flags & TCP_ACK) || !(rst || tcp.flags & TCP_SYN))
		return REJECT_UNRELATED;
	if (!tcp_is_intact(ip))
		return REJECT_CHECKSUM;
	packet->role = PASSIVE_ANSWER;
	packet->kind = rst ? REPLY_RST : REPLY_SYN_ACK;
	set_ends(packet, &ip->dst, &ip->src);
	set_brief(packet, BW_PROTOCOL_TCP, tcp.ack - 1);
	if (rst)
		packet->alternate_brief = tcp.ack;
	packet->method.port = tcp.src_port;
	packet->source_port = tcp.dst_port;
	return REJECT_NONE;
}

enum reject passive_decode(int linktype, const uint8_t *bytes, uint32_t length,
			   uint32_t wire_length, struct passive_packet *ret_packet)
{
	struct passive_packet packet = {.payload = cursor_of(NULL, 0)};
	struct frame frame;
	struct ip ip;
	enum reject reject = frame_decode(linktype, bytes, length, wire_length, &frame);

	if (!reject)
		reject = ip_decode(frame.packet, frame.wire_length, &ip);
	if (reject)
		return reject;
	if (!is_icmp(&ip) && ip.protocol != IP_PROTOCOL_TCP)
		return REJECT_UNRELATED;
	if (ip.fragment)
		return REJECT_FRAGMENT;
	packet.from = ip.src;
	packet.ttl = ip.ttl;
	packet.whole = ip.whole;
	reject = is_icmp(&ip) ? decode_icmp(&ip, &packet) : decode_tcp(&ip, &packet);
	if (!reject)
		*ret_packet = packet;
	return reject;
}
