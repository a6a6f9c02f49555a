/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Method "udp:PORT" of traceroute alone: a datagram to a port that should be closed. The
 * destination answers with a port unreachable; there is no other answer that is read.
 *
 * The brief token has 16 bits: it is the checksum, and as such also the identification of
 * the IPv4 header (wire/build.c), so that one of the two is left where NAT has changed the
 * other. A word at the end of the payload makes the checksum true. The payload is that of an
 * echo (wire/token_payload.h); routers that quote it prove all of the token.
 *
 * The ports are those of the flow. A checksum of 0 would say that there is none; it stands
 * as 0xffff, which is the same number in one's complement.
 */
#include <libnet.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/cksum.h"
#include "wire/method/method_ops.h"
#include "wire/token_payload.h"

#define HEADER 8
#define CHECKSUM_AT 6
#define WORD_AT (HEADER + TOKEN_PAYLOAD)
#define LENGTH (WORD_AT + 2)

static int add_blocks(libnet_t *net, uint8_t family, uint16_t port, const char *contact)
{
	uint8_t payload[TOKEN_PAYLOAD + 2] = {0};

	(void)family;
	(void)contact;
	token_payload_encode(&(struct token_payload){.nonce = 0}, payload);
	return libnet_build_udp(0, port, LENGTH, 0, payload, sizeof(payload), net, 0) < 0 ? -1
											  : LENGTH;
}

static void put_token(const uint8_t *template, uint8_t *message, const struct token *token,
		      int64_t sent_us)
{
	struct token_payload payload = {token->nonce, sent_us, token->full};
	uint16_t checksum = (uint16_t)token->brief;

	put_u16(message, token->source_port);
	put_u16(message + CHECKSUM_AT, checksum ? checksum : UINT16_MAX);
	token_payload_encode(&payload, message + HEADER);
	cksum_mend(message + WORD_AT, template, message, WORD_AT);
}

/* UDP packets themselves are no probes and no answers: only quotes of our own are read. */
static enum reject decode(struct packet *packet)
{
	(void)packet;
	return REJECT_UNRELATED;
}

static enum reject decode_quote(const struct ip *quote, struct packet *packet)
{
	struct cursor c = quote->payload;
	uint16_t port, checksum;

	packet->source_port = cursor_u16(&c);
	port = cursor_u16(&c);
	cursor_skip(&c, 2);
	checksum = cursor_u16(&c);
	if (c.failed)
		return REJECT_TRUNCATED;
	packet->method = (struct bw_method){BW_PROTOCOL_UDP, port};
	packet->brief = checksum;
	packet->alternate_brief = checksum == UINT16_MAX ? 0 : checksum;
	packet->payload = c;
	return REJECT_NONE;
}

const struct method_ops method_udp_ops = {
	.ip_protocol_v4 = IP_PROTOCOL_UDP,
	.ip_protocol_v6 = IP_PROTOCOL_UDP,
	.length = LENGTH,
	.checksum_at = WORD_AT,
	.has_pseudo_header_v4 = true,
	.brief_mask = UINT16_MAX,
	.has_token_payload = true,
	.add_blocks = add_blocks,
	.put_token = put_token,
	.decode = decode,
	.is_intact = ip_payload_is_intact,
	.decode_quote = decode_quote,
	.filter_v4 = "",
	.filter_v6 = "",
	.evidence = METHOD_TRACE,
};
