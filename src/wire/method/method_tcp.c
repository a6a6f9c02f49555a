/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Method "tcp:PORT": a SYN, answered by a SYN-ACK or a RST from the probed host.
 *
 * The brief token is the sequence number; 12 more bits are in the source port. Answers
 * acknowledge the sequence number + 1; a RST of some stacks acknowledges the number
 * itself, which is the alternate reading. The SYN has an MSS option and a usual window,
 * because firewalls drop SYNs without them as scans.
 */
#include <libnet.h>

#include "base/cursor.h"
#include "wire/cksum.h"
#include "wire/method/method_ops.h"
#include "wire/tcp.h"

#define WINDOW 64240 /* what Linux offers first: 44 segments of 1460 bytes */
#define MSS_OPTION 4
#define MSS_V4 1460
#define MSS_V6 1440
#define LENGTH (TCP_HEADER + MSS_OPTION)
#define SEQUENCE_AT 4
#define CHECKSUM_AT 16

/* Where fields are behind a plain IPv6 header: libpcap's tcp[] is for IPv4 only. */
#define ANSWERS(flags) "((" flags " & 0x12) = 0x12 or (" flags " & 0x04) != 0)"
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#define FIRST TEXT(TOKEN_PORT_FIRST)
#define LAST TEXT(TOKEN_PORT_LAST)

static int add_blocks(libnet_t *net, uint8_t family, uint16_t port, const char *contact)
{
	uint8_t option[MSS_OPTION] = {2, MSS_OPTION};

	(void)contact;
	put_u16(option + 2, family == 4 ? MSS_V4 : MSS_V6);
	if (libnet_build_tcp_options(option, sizeof(option), net, 0) < 0 ||
	    libnet_build_tcp(0, port, 0, 0, TCP_SYN, WINDOW, 0, 0, LENGTH, NULL, 0, net, 0) < 0)
		return -1;
	return LENGTH;
}

static void put_token(const uint8_t *template, uint8_t *message, const struct token *token,
		      int64_t sent_us)
{
	(void)sent_us;
	put_u16(message, token->source_port);
	put_u32(message + SEQUENCE_AT, token->brief);
	cksum_mend(message + CHECKSUM_AT, template, message, SEQUENCE_AT + 4);
}

static void set_probe(struct packet *packet, uint16_t port, uint16_t source_port, uint32_t sequence)
{
	packet->method = (struct bw_method){BW_PROTOCOL_TCP, port};
	packet->source_port = source_port;
	packet->brief = packet->alternate_brief = sequence;
}

static enum reject decode(struct packet *packet)
{
	const struct ip *ip = &packet->ip;
	struct tcp tcp;
	enum reject reject = tcp_decode(ip, &tcp);
	bool rst;

	if (reject)
		return reject;
	rst = tcp.flags & TCP_RST;
	if (!rst && (tcp.flags & TCP_SYN) && !(tcp.flags & TCP_ACK)) {
		packet->role = PACKET_REQUEST;
		packet->prober = ip->src;
		packet->probed = ip->dst;
		set_probe(packet, tcp.dst_port, tcp.src_port, tcp.seq);
		return REJECT_NONE;
	}
	if (!(tcp.flags & TCP_ACK) || !(rst || tcp.flags & TCP_SYN))
		return REJECT_UNRELATED;
	packet->role = PACKET_ANSWER;
	packet->kind = rst ? REPLY_RST : REPLY_SYN_ACK;
	packet->prober = ip->dst;
	packet->probed = ip->src;
	set_probe(packet, tcp.src_port, tcp.dst_port, tcp.ack - 1);
	if (rst)
		packet->alternate_brief = tcp.ack;
	return REJECT_NONE;
}

static enum reject decode_quote(const struct ip *quote, struct packet *packet)
{
	struct tcp tcp;

	if (!tcp_decode_quote(quote->payload, &tcp))
		return REJECT_TRUNCATED;
	set_probe(packet, tcp.dst_port, tcp.src_port, tcp.seq);
	return REJECT_NONE;
}

const struct method_ops method_tcp_ops = {
	.ip_protocol_v4 = IP_PROTOCOL_TCP,
	.ip_protocol_v6 = IP_PROTOCOL_TCP,
	.length = LENGTH,
	.checksum_at = CHECKSUM_AT,
	.has_pseudo_header_v4 = true,
	.brief_mask = UINT32_MAX,
	.has_token_payload = false,
	.is_acknowledged = true,
	.add_blocks = add_blocks,
	.put_token = put_token,
	.decode = decode,
	.is_intact = tcp_is_intact,
	.decode_quote = decode_quote,
	.filter_v4 = "(tcp dst portrange " FIRST "-" LAST " and " ANSWERS("tcp[13]") ")",
	.filter_v6 = "(ip6[6] = 6 and ip6[42:2] >= " FIRST " and ip6[42:2] <= " LAST
		     " and " ANSWERS("ip6[53]") ")",
	.evidence = METHOD_SERVICE,
};
