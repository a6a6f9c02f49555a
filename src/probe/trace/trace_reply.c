/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_reply.h"

#include "wire/method/method_ops.h"
#include "wire/packet.h"

static void add_brief(struct trace_reply *reply, uint32_t brief)
{
	for (unsigned n = 0; n < reply->brief_count; n++)
		if (reply->briefs[n] == brief)
			return;
	if (reply->brief_count < TRACE_REPLY_BRIEFS)
		reply->briefs[reply->brief_count++] = brief;
}

/*
 * The token as it stands in the message; and, because the identification of IPv4 is the sum
 * (exclusive or) of both halves of it (wire/build.c), as it was before NAT changed the id of
 * an echo or a checksum that is the token.
 */
static void add_briefs(struct trace_reply *reply, const struct packet *packet)
{
	uint16_t low = (uint16_t)packet->brief;

	add_brief(reply, packet->brief);
	add_brief(reply, packet->alternate_brief);
	if (packet->role != PACKET_ERROR || packet->probed.family != 4)
		return;
	if (method_is_echo(packet->method.protocol))
		add_brief(reply, (uint32_t)(packet->quoted_id ^ low) << 16 | low);
	if (method_ops(packet->method.protocol)->brief_mask == UINT16_MAX)
		add_brief(reply, packet->quoted_id);
}

/* What an error says about the way. False: nothing. */
static bool classify_error(enum reply_kind kind, bool from_probed, enum trace_kind *ret_kind)
{
	switch (kind) {
	case REPLY_TIME_EXCEEDED:
		*ret_kind = TRACE_TIME_EXCEEDED;
		return true;
	case REPLY_PROTOCOL_UNREACHABLE:
	case REPLY_PORT_UNREACHABLE:
		*ret_kind = from_probed ? TRACE_REPLY : TRACE_UNREACHABLE;
		return true;
	case REPLY_NET_UNREACHABLE:
	case REPLY_HOST_UNREACHABLE:
	case REPLY_PROHIBITED:
		*ret_kind = TRACE_UNREACHABLE;
		return true;
	case REPLY_ECHO:
	case REPLY_SYN_ACK:
	case REPLY_RST:
		*ret_kind = TRACE_REPLY;
		return true;
	case REPLY_OTHER_ERROR:
	case REPLY_KINDS:
		break;
	}
	return false;
}

enum reject trace_reply_read(struct packet *packet, struct trace_reply *ret_reply)
{
	struct trace_reply reply = {.kind = TRACE_SILENT};
	enum reject reject =
		packet->role == PACKET_ERROR ? packet_decode_trace_quote(packet) : REJECT_NONE;

	if (reject)
		return reject;
	if (bw_addr_equal(&packet->ip.src, &packet->ip.dst) ||
	    !classify_error(packet->kind, bw_addr_equal(&packet->ip.src, &packet->probed),
			    &reply.kind))
		return REJECT_UNRELATED;
	reply.reply = packet->kind;
	reply.from = packet->ip.src;
	reply.to = packet->ip.dst;
	reply.probed = packet->probed;
	reply.method = packet->method;
	reply.source_port = packet->role == PACKET_ANSWER ? packet->source_port : 0;
	reply.icmp_type = packet->icmp_type;
	reply.code = packet->icmp_code;
	reply.ttl = packet->ip.ttl;
	reply.quoted_ttl = packet->quoted_ttl;
	reply.must_prove = packet->role == PACKET_ANSWER &&
			   method_ops(packet->method.protocol)->has_token_payload;
	reply.has_payload = token_payload_decode(packet->payload.at, cursor_left(&packet->payload),
						 &reply.payload);
	reply.label_count = (uint8_t)mpls_decode(packet->objects, reply.labels, TRACE_LABELS_MAX);
	add_briefs(&reply, packet);
	*ret_reply = reply;
	return REJECT_NONE;
}

enum reject trace_reply_decode(const struct bw_rx *rx, struct trace_reply *ret_reply)
{
	struct packet packet;
	enum reject reject =
		packet_decode(rx->linktype, rx->bytes, rx->length, rx->wire_length, &packet);

	if (reject)
		return reject;
	if (packet.role == PACKET_REQUEST)
		return REJECT_UNRELATED;
	return packet_is_intact(&packet) ? trace_reply_read(&packet, ret_reply) : REJECT_CHECKSUM;
}

static const struct trace_try *find_try(const struct trace_hop *hop, uint32_t brief)
{
	unsigned tries = hop->tries < TRACE_TRIES ? hop->tries : TRACE_TRIES;

	for (unsigned n = 0; n < tries; n++)
		if (hop->tried[n].brief == brief)
			return &hop->tried[n];
	return NULL;
}

/* The readings of the token that may be searched for in the probes of TRACE. Returns how many. */
static unsigned read_briefs(const struct trace_reply *reply, const struct trace *trace,
			    const struct siphash_key *key, uint32_t briefs[TRACE_REPLY_BRIEFS + 1])
{
	unsigned count = 0;

	if (reply->has_payload) {
		struct token token =
			token_make(key, &trace->dst, trace->method, reply->payload.nonce,
				   reply->payload.sent_us, trace->flow);

		if (token.full == reply->payload.full)
			briefs[count++] = token.brief;
	}
	for (unsigned n = 0; n < reply->brief_count && !reply->must_prove; n++)
		briefs[count++] = reply->briefs[n];
	return count;
}

static bool is_of_trace(const struct trace_reply *reply, const struct trace *trace)
{
	return bw_addr_equal(&reply->probed, &trace->dst) &&
	       bw_method_equal(reply->method, trace->method) &&
	       (!reply->source_port || reply->source_port == TOKEN_PORT_FIRST + trace->flow);
}

struct trace_hop *trace_reply_find(const struct trace_reply *reply, const struct trace *trace,
				   uint8_t max_ttl, const struct siphash_key *key,
				   const struct trace_try **ret_try)
{
	uint32_t briefs[TRACE_REPLY_BRIEFS + 1];
	unsigned count;

	if (!is_of_trace(reply, trace))
		return NULL;
	count = read_briefs(reply, trace, key, briefs);
	for (unsigned n = 0; n < count; n++) {
		for (uint8_t ttl = 1; ttl <= max_ttl; ttl++) {
			*ret_try = find_try(&trace->hops[ttl], briefs[n]);
			if (*ret_try)
				return &trace->hops[ttl];
		}
	}
	return NULL;
}

void trace_reply_apply(const struct trace_reply *reply, struct trace *trace, struct trace_hop *hop,
		       const struct trace_try *try, struct bw_mono at)
{
	int64_t rtt_ns = bw_mono_since(at, try->sent);

	hop->state = TRACE_HOP_KNOWN;
	hop->kind = (uint8_t)reply->kind;
	hop->reply = (uint8_t)reply->reply;
	hop->from = reply->from;
	hop->icmp_type = reply->icmp_type;
	hop->code = reply->code;
	hop->reply_ttl = reply->ttl;
	hop->quoted_ttl = reply->quoted_ttl;
	hop->rtt_ns = rtt_ns > 0 ? rtt_ns : 0;
	hop->label_count = reply->label_count;
	for (unsigned n = 0; n < reply->label_count; n++)
		hop->labels[n] = reply->labels[n];
	if (hop->rtt_ns > trace->rtt_max_ns)
		trace->rtt_max_ns = hop->rtt_ns;
}
