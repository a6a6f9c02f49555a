/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/answer.h"

#include <string.h>

#include "wire/cksum.h"
#include "wire/icmp.h"
#include "wire/tcp.h"

#define V4_DONT_FRAGMENT 0x4000
#define MSS_OPTION 4
#define MSS 1460

/* The message of an answer, behind the IP header. */
struct message {
	uint8_t *bytes;
	uint16_t length;
	uint8_t protocol;
};

static uint8_t icmp_protocol(const struct request *request)
{
	return request->src.family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6;
}

static uint16_t header_length(const struct request *request)
{
	return request->src.family == 4 ? IP_V4_HEADER : IP_V6_HEADER;
}

static void put_v4(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		   uint8_t protocol, uint16_t length, uint8_t *p)
{
	memset(p, 0, IP_V4_HEADER);
	p[0] = 0x45;
	put_u16(p + 2, length);
	put_u16(p + 6, V4_DONT_FRAGMENT);
	p[8] = ttl;
	p[9] = protocol;
	memcpy(p + 12, from->bytes, 4);
	memcpy(p + 16, request->src.bytes, 4);
	put_u16(p + 10, cksum_finish(cksum_add(0, p, IP_V4_HEADER)));
}

static void put_v6(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		   const struct message *message, uint8_t *p)
{
	put_u32(p, UINT32_C(6) << 28);
	put_u16(p + 4, message->length);
	p[6] = message->protocol;
	p[7] = ttl;
	memcpy(p + 8, from->bytes, 16);
	memcpy(p + 24, request->src.bytes, 16);
}

/* Writes the IP header and the checksum of the message, at offset `checksum` and still 0. */
static uint16_t finish(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		       const struct message *message, unsigned checksum)
{
	uint16_t header = header_length(request);
	uint16_t length = (uint16_t)(header + message->length);
	uint8_t *packet = message->bytes - header;
	uint64_t sum = 0;

	if (message->protocol != IP_PROTOCOL_ICMP)
		sum = cksum_pseudo(from, &request->src, message->protocol, message->length);
	sum = cksum_add(sum, message->bytes, message->length);
	put_u16(message->bytes + checksum, cksum_finish(sum));
	if (request->src.family == 4)
		put_v4(request, from, ttl, message->protocol, length, packet);
	else
		put_v6(request, from, ttl, message, packet);
	return length;
}

uint16_t answer_echo(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		     uint8_t bytes[ARRIVAL_MAX])
{
	struct message message = {
		.bytes = bytes + header_length(request),
		.length = (uint16_t)(request->length - request->header),
		.protocol = icmp_protocol(request),
	};

	memcpy(message.bytes, request->bytes + request->header, message.length);
	message.bytes[0] = request->src.family == 4 ? ICMP_V4_ECHO_REPLY : ICMP_V6_ECHO_REPLY;
	put_u16(message.bytes + 2, 0);
	return finish(request, from, ttl, &message, 2);
}

/* Writes the TCP header of an answer to a SYN; seq 0 for RST. */
static void put_tcp(const struct request *request, uint32_t seq, uint8_t flags, uint16_t length,
		    uint8_t *p)
{
	memset(p, 0, length);
	put_u16(p, request->dst_port);
	put_u16(p + 2, request->src_port);
	put_u32(p + 4, seq);
	put_u32(p + 8, request->seq + 1);
	p[12] = (uint8_t)(length / 4 << 4);
	p[13] = flags;
}

uint16_t answer_syn_ack(const struct request *request, const struct bw_addr *from, uint8_t ttl,
			uint32_t seq, uint8_t bytes[ARRIVAL_MAX])
{
	struct message message = {bytes + header_length(request), TCP_HEADER + MSS_OPTION,
				  IP_PROTOCOL_TCP};
	uint8_t *p = message.bytes;

	put_tcp(request, seq, TCP_SYN | TCP_ACK, message.length, p);
	put_u16(p + 14, 64240);
	p[20] = 2;
	p[21] = MSS_OPTION;
	put_u16(p + 22, MSS);
	return finish(request, from, ttl, &message, 16);
}

uint16_t answer_rst(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		    uint8_t bytes[ARRIVAL_MAX])
{
	struct message message = {bytes + header_length(request), TCP_HEADER, IP_PROTOCOL_TCP};

	put_tcp(request, 0, TCP_RST | TCP_ACK, message.length, message.bytes);
	return finish(request, from, ttl, &message, 16);
}

uint16_t answer_open(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		     uint32_t seq, uint8_t bytes[ARRIVAL_MAX])
{
	switch ((enum bw_protocol)request->protocol) {
	case BW_PROTOCOL_ICMP:
		return answer_echo(request, from, ttl, bytes);
	case BW_PROTOCOL_TCP:
		return answer_syn_ack(request, from, ttl, seq, bytes);
	case BW_PROTOCOL_UDP:
		return 0;
	}
	return 0;
}

uint16_t answer_closed(const struct request *request, const struct bw_addr *from, uint8_t ttl,
		       uint8_t bytes[ARRIVAL_MAX])
{
	switch ((enum bw_protocol)request->protocol) {
	case BW_PROTOCOL_ICMP:
	case BW_PROTOCOL_UDP:
		return 0;
	case BW_PROTOCOL_TCP:
		return answer_rst(request, from, ttl, bytes);
	}
	return 0;
}

/* Copies the packet as the router saw it, with the TTL that it had left. */
static uint16_t put_quote(const struct request *request, struct answer_quote quote, uint8_t *p)
{
	uint16_t length = quote.whole ? request->length : (uint16_t)(request->header + 8);

	memcpy(p, quote.near ? request->bytes : request->outside, length);
	if (request->src.family == 6) {
		p[7] = quote.ttl;
		return length;
	}
	p[8] = quote.ttl;
	put_u16(p + 10, 0);
	put_u16(p + 10, cksum_finish(cksum_add(0, p, request->header)));
	return length;
}

uint16_t answer_icmp_error(const struct request *request, const struct bw_addr *from, uint8_t ttl,
			   enum answer_error error, struct answer_quote quote,
			   uint8_t bytes[ARRIVAL_MAX])
{
	static const uint8_t v4[][2] = {{3, 0}, {3, 1}, {3, 3}, {3, 13}, {11, 0}};
	static const uint8_t v6[][2] = {{1, 0}, {1, 3}, {1, 4}, {1, 1}, {3, 0}};
	const uint8_t *type = request->src.family == 4 ? v4[error] : v6[error];
	struct message message = {bytes + header_length(request), 0, icmp_protocol(request)};

	memset(message.bytes, 0, ICMP_HEADER);
	memcpy(message.bytes, type, 2);
	message.length =
		(uint16_t)(ICMP_HEADER + put_quote(request, quote, message.bytes + ICMP_HEADER));
	return finish(request, from, ttl, &message, 2);
}
