/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Method "icmp": an echo request, answered by an echo reply from the probed host.
 *
 * The brief token is the id and the sequence number. The payload carries the full token,
 * the nonce and the time of sending (wire/token_payload.h), then the contact text; a true answer
 * brings all of it back. ICMP errors have the same IP protocol number, so that this
 * method recognises them, whatever probe they are about.
 */
#include <libnet.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/build.h"
#include "wire/cksum.h"
#include "wire/icmp.h"
#include "wire/method/method_ops.h"
#include "wire/token_payload.h"

#define CHECKSUM_AT 2
#define ID_AT 4

static int add_blocks(libnet_t *net, uint8_t family, uint16_t port, const char *contact)
{
	uint8_t payload[TOKEN_PAYLOAD + BUILD_CONTACT_MAX + 1];
	size_t contact_length = strnlen(contact, BUILD_CONTACT_MAX);
	uint32_t length = TOKEN_PAYLOAD + (uint32_t)contact_length;
	libnet_ptag_t tag;

	(void)port;
	token_payload_encode(&(struct token_payload){.nonce = 0}, payload);
	memcpy(payload + TOKEN_PAYLOAD, contact, contact_length + 1);
	tag = family == 4 ? libnet_build_icmpv4_echo(ICMP_V4_ECHO_REQUEST, 0, 0, 0, 0, payload,
						     length, net, 0)
			  : libnet_build_icmpv6_echo(ICMP_V6_ECHO_REQUEST, 0, 0, 0, 0, payload,
						     length, net, 0);
	return tag < 0 ? -1 : (int)(ICMP_HEADER + length);
}

static void put_token(const uint8_t *template, uint8_t *message, const struct token *token,
		      int64_t sent_us)
{
	struct token_payload payload = {token->nonce, sent_us, token->full};

	put_u32(message + ID_AT, token->brief);
	token_payload_encode(&payload, message + ICMP_HEADER);
	cksum_mend(message + CHECKSUM_AT, template + ID_AT, message + ID_AT,
		   ICMP_HEADER + TOKEN_PAYLOAD - ID_AT);
}

static void set_echo(struct packet *packet, const struct icmp *icmp)
{
	packet->method = (struct bw_method){BW_PROTOCOL_ICMP, 0};
	packet->brief = packet->alternate_brief = icmp->echo;
	packet->payload = icmp->body;
}

static enum reject decode(struct packet *packet)
{
	const struct ip *ip = &packet->ip;
	struct icmp icmp;

	if (!icmp_decode(ip->src.family, ip->payload, &icmp))
		return ip_short(ip);
	packet->icmp_type = icmp.type;
	packet->icmp_code = icmp.code;
	packet->kind = REPLY_ECHO;
	switch (icmp.role) {
	case ICMP_REQUEST:
		packet->role = PACKET_REQUEST;
		packet->prober = ip->src;
		packet->probed = ip->dst;
		set_echo(packet, &icmp);
		return REJECT_NONE;
	case ICMP_REPLY:
		packet->role = PACKET_ANSWER;
		packet->prober = ip->dst;
		packet->probed = ip->src;
		set_echo(packet, &icmp);
		return REJECT_NONE;
	case ICMP_ERROR:
		packet->role = PACKET_ERROR;
		packet->kind = icmp_error_kind(ip->src.family, icmp.type, icmp.code);
		packet->payload = icmp.body;
		packet->objects = icmp.objects;
		return REJECT_NONE;
	case ICMP_OTHER:
		break;
	}
	return REJECT_UNRELATED;
}

static enum reject decode_quote(const struct ip *quote, struct packet *packet)
{
	struct icmp icmp;

	if (!icmp_decode(quote->dst.family, quote->payload, &icmp))
		return REJECT_TRUNCATED;
	if (icmp.role != ICMP_REQUEST)
		return REJECT_UNRELATED;
	set_echo(packet, &icmp);
	return REJECT_NONE;
}

const struct method_ops method_icmp_ops = {
	.ip_protocol_v4 = IP_PROTOCOL_ICMP,
	.ip_protocol_v6 = IP_PROTOCOL_ICMPV6,
	.length = ICMP_HEADER + TOKEN_PAYLOAD,
	.checksum_at = CHECKSUM_AT,
	.has_pseudo_header_v4 = false,
	.brief_mask = UINT32_MAX,
	.has_token_payload = true,
	.add_blocks = add_blocks,
	.put_token = put_token,
	.decode = decode,
	.is_intact = ip_payload_is_intact,
	.decode_quote = decode_quote,
	.filter_v4 = "icmp[0] = 0",
	.filter_v6 = "(ip6[6] = 58 and ip6[40] = 129)",
	.evidence = METHOD_ECHO,
};
