/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoder: a captured frame becomes a struct reply, or a reason why not.
 *
 * Frame, IP and the upper layer are peeled off in turn, each through a cursor
 * that cannot leave the captured bytes. Three kinds of packet answer a probe:
 *
 *   echo reply       from the probed host itself; brings back id, sequence
 *                    number and, if the capture reaches so far, the payload
 *   SYN-ACK, RST     from the probed port; acknowledges our sequence number + 1
 *                    (a RST of some stacks: our sequence number), goes to a
 *                    source port in the range of tokens
 *   ICMP error       from anybody; quotes at least the IP header and 8 bytes of
 *                    the probe, out of which come destination, method and brief
 *                    token. Its own source says only who complains.
 *
 * All else is "unrelated", above all our own probes, which a capture sees as
 * well, and the RST without ACK with which our kernel answers a SYN-ACK. What
 * the packet says is not checked against any probe here: this floor has no
 * state. A token that does not fit is found out one floor up.
 *
 * "Truncated" is the capture's fault (a short snapshot length), "malformed" the
 * sender's. Checksums are verified where all bytes are there; the order is: is
 * it one of the three, is it a fragment, is its checksum right, then the rest,
 * so that traffic that has nothing to do with us is not counted as damaged.
 *
 * A TCP checksum that holds only the pseudo-header's sum is accepted. A kernel
 * with checksum offload leaves the rest to the network card; on loopback and
 * between network namespaces (veth) there is no card, the receiving kernel knows
 * that the bytes never left memory, and the capture sees the unfinished field.
 * A forger gains nothing by it: checksums protect against accidents, tokens
 * against people.
 */
#include "wire/reply.h"

#include "wire/frame.h"
#include "wire/icmp.h"
#include "wire/ip.h"
#include "wire/tcp.h"

_Static_assert(TOKEN_PORT_LAST == UINT16_MAX, "no upper bound is asked for below");

static bool is_token_port(uint16_t port)
{
	return port >= TOKEN_PORT_FIRST;
}

static enum reject reject_short(const struct ip *ip)
{
	return ip->whole ? REJECT_MALFORMED : REJECT_TRUNCATED;
}

static void read_payload(struct cursor payload, struct reply *reply)
{
	reply->has_payload =
		token_payload_decode(payload.at, cursor_left(&payload), &reply->payload);
}

static void set_brief(struct reply *reply, uint8_t protocol, uint32_t brief)
{
	reply->method.protocol = protocol;
	reply->brief = brief;
	reply->alternate_brief = brief;
}

static enum reject decode_quoted_echo(const struct ip *quote, struct reply *reply)
{
	struct icmp icmp;

	if (!icmp_decode(quote->dst.family, quote->payload, &icmp))
		return REJECT_TRUNCATED;
	if (icmp.role != ICMP_REQUEST)
		return REJECT_UNRELATED;
	set_brief(reply, BW_PROTOCOL_ICMP, icmp.echo);
	read_payload(icmp.body, reply);
	return REJECT_NONE;
}

static enum reject decode_quoted_syn(const struct ip *quote, struct reply *reply)
{
	struct tcp tcp;

	if (!tcp_decode_quote(quote->payload, &tcp))
		return REJECT_TRUNCATED;
	if (!is_token_port(tcp.src_port))
		return REJECT_UNRELATED;
	set_brief(reply, BW_PROTOCOL_TCP, tcp.seq);
	reply->method.port = tcp.dst_port;
	reply->source_port = tcp.src_port;
	return REJECT_NONE;
}

/* TRUNCATED: the quote ends too early, for whatever reason. */
static enum reject decode_quote(struct cursor bytes, struct reply *reply)
{
	struct ip quote;
	enum reject reject = ip_decode_quote(bytes, &quote);

	if (reject)
		return reject;
	if (quote.dst.family != reply->from.family)
		return REJECT_MALFORMED;
	if (quote.later)
		return REJECT_UNRELATED;
	reply->probed = quote.dst;
	reply->quoted_ttl = quote.ttl;
	if (quote.protocol == IP_PROTOCOL_TCP)
		return decode_quoted_syn(&quote, reply);
	if (quote.protocol == (quote.dst.family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6))
		return decode_quoted_echo(&quote, reply);
	return REJECT_UNRELATED;
}

static enum reject decode_icmp(const struct ip *ip, struct reply *reply)
{
	struct icmp icmp;
	enum reject reject;

	if (!icmp_decode(ip->src.family, ip->payload, &icmp))
		return reject_short(ip);
	if (icmp.role != ICMP_REPLY && icmp.role != ICMP_ERROR)
		return REJECT_UNRELATED;
	if (!ip_payload_is_intact(ip))
		return REJECT_CHECKSUM;
	reply->icmp_type = icmp.type;
	reply->icmp_code = icmp.code;
	if (icmp.role == ICMP_REPLY) {
		reply->kind = REPLY_ECHO;
		reply->probed = ip->src;
		set_brief(reply, BW_PROTOCOL_ICMP, icmp.echo);
		read_payload(icmp.body, reply);
		return REJECT_NONE;
	}
	reply->kind = icmp_error_kind(ip->src.family, icmp.type, icmp.code);
	reject = decode_quote(icmp.body, reply);
	return reject == REJECT_TRUNCATED ? reject_short(ip) : reject;
}

static enum reject decode_tcp(const struct ip *ip, struct reply *reply)
{
	struct tcp tcp;
	enum reject reject = tcp_decode(ip, &tcp);
	bool rst;

	if (reject)
		return reject;
	rst = tcp.flags & TCP_RST;
	if (!(tcp.flags & TCP_ACK) || !(rst || tcp.flags & TCP_SYN) || !is_token_port(tcp.dst_port))
		return REJECT_UNRELATED;
	if (!tcp_is_intact(ip))
		return REJECT_CHECKSUM;
	reply->kind = rst ? REPLY_RST : REPLY_SYN_ACK;
	reply->probed = ip->src;
	set_brief(reply, BW_PROTOCOL_TCP, tcp.ack - 1);
	if (rst)
		reply->alternate_brief = tcp.ack;
	reply->method.port = tcp.src_port;
	reply->source_port = tcp.dst_port;
	return REJECT_NONE;
}

static enum reject decode_upper(const struct ip *ip, struct reply *reply)
{
	bool icmp = ip->protocol == (ip->src.family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6);

	if (!icmp && ip->protocol != IP_PROTOCOL_TCP)
		return REJECT_UNRELATED;
	if (ip->fragment)
		return REJECT_FRAGMENT;
	return icmp ? decode_icmp(ip, reply) : decode_tcp(ip, reply);
}

enum reject reply_decode(int linktype, const uint8_t *bytes, uint32_t length, uint32_t wire_length,
			 struct reply *ret_reply)
{
	struct reply reply = {.has_payload = false};
	struct frame frame;
	struct ip ip;
	enum reject reject = frame_decode(linktype, bytes, length, wire_length, &frame);

	if (!reject)
		reject = ip_decode(frame.packet, frame.wire_length, &ip);
	if (reject)
		return reject;
	reply.from = ip.src;
	reply.to = ip.dst;
	reply.ttl = ip.ttl;
	reject = decode_upper(&ip, &reply);
	if (!reject)
		*ret_reply = reply;
	return reject;
}

bool reply_kind_is_answer(enum reply_kind kind, bool from_probed)
{
	switch (kind) {
	case REPLY_ECHO:
	case REPLY_SYN_ACK:
	case REPLY_RST:
		return true;
	case REPLY_PORT_UNREACHABLE:
	case REPLY_PROTOCOL_UNREACHABLE:
		return from_probed;
	case REPLY_NET_UNREACHABLE:
	case REPLY_HOST_UNREACHABLE:
	case REPLY_PROHIBITED:
	case REPLY_TIME_EXCEEDED:
	case REPLY_OTHER_ERROR:
	case REPLY_KINDS:
		return false;
	}
	return false;
}

const char *reply_kind_name(enum reply_kind kind)
{
	static const char *const names[] = {
#define X(name, text) text,
		REPLY_KIND_LIST(X)
#undef X
	};

	return (unsigned)kind < REPLY_KINDS ? names[kind] : "?";
}

const char *reject_name(enum reject reject)
{
	static const char *const names[] = {
		"none",
#define X(name, text) text,
		REJECT_LIST(X)
#undef X
	};

	return (unsigned)reject < REJECTS ? names[reject] : "?";
}
