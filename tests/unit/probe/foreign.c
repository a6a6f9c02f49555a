/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign.h"

#include <assert.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/cksum.h"
#include "wire/link/frame.h"
#include "wire/ip.h"

static struct bw_addr addr_of(const char *text)
{
	struct bw_addr addr = {0};

	if (bw_addr_parse(text, &addr) < 0)
		assert(!"an address");
	return addr;
}

static uint32_t put_header(struct foreign *packet, const struct bw_addr *from,
			   const struct bw_addr *to, uint8_t protocol, uint32_t payload)
{
	uint8_t *p = packet->bytes;

	if (from->family == 6) {
		p[0] = 0x60;
		put_u16(p + 4, (uint16_t)payload);
		p[6] = protocol;
		p[7] = 64;
		memcpy(p + 8, from->bytes, 16);
		memcpy(p + 24, to->bytes, 16);
		return IP_V6_HEADER;
	}
	p[0] = 0x45;
	put_u16(p + 2, (uint16_t)(IP_V4_HEADER + payload));
	p[8] = 64;
	p[9] = protocol;
	memcpy(p + 12, from->bytes, 4);
	memcpy(p + 16, to->bytes, 4);
	put_u16(p + 10, cksum_finish(cksum_add(0, p, IP_V4_HEADER)));
	return IP_V4_HEADER;
}

/* Packs an upper-layer message whose checksum belongs at CHECKSUM_AT. */
static struct foreign pack(const char *from, const char *to, uint8_t protocol, uint8_t *message,
			   uint32_t length, uint32_t checksum_at)
{
	struct bw_addr source = addr_of(from), destination = addr_of(to);
	struct foreign packet = {.length = 0};
	uint64_t sum = protocol == IP_PROTOCOL_ICMP
			       ? 0
			       : cksum_pseudo(&source, &destination, protocol, length);
	uint32_t header = put_header(&packet, &source, &destination, protocol, length);

	put_u16(message + checksum_at, cksum_finish(cksum_add(sum, message, length)));
	memcpy(packet.bytes + header, message, length);
	packet.length = header + length;
	return packet;
}

static bool is_v6(const char *text)
{
	return strchr(text, ':') != NULL;
}

struct foreign foreign_echo(const struct foreign_echo *echo)
{
	bool v6 = is_v6(echo->from);
	uint8_t message[128] = {0};
	size_t length = echo->payload ? strlen(echo->payload) : 0;

	message[0] = v6 ? (echo->is_reply ? 129 : 128) : (echo->is_reply ? 0 : 8);
	put_u16(message + 4, echo->id);
	put_u16(message + 6, echo->seq);
	if (length > 0)
		memcpy(message + 8, echo->payload, length);
	return pack(echo->from, echo->to, v6 ? IP_PROTOCOL_ICMPV6 : IP_PROTOCOL_ICMP, message,
		    (uint32_t)(8 + length), 2);
}

struct foreign foreign_tcp(const struct foreign_tcp *tcp)
{
	uint8_t message[20] = {0};

	put_u16(message, tcp->from_port);
	put_u16(message + 2, tcp->to_port);
	put_u32(message + 4, tcp->seq);
	put_u32(message + 8, tcp->ack);
	message[12] = 5 << 4;
	message[13] = tcp->flags;
	return pack(tcp->from, tcp->to, IP_PROTOCOL_TCP, message, sizeof(message), 16);
}

struct foreign foreign_udp(const char *from, const char *to, uint16_t from_port, uint16_t to_port,
			   uint32_t salt)
{
	uint8_t message[12] = {0};

	put_u16(message, from_port);
	put_u16(message + 2, to_port);
	put_u16(message + 4, sizeof(message));
	put_u32(message + 8, salt);
	return pack(from, to, IP_PROTOCOL_UDP, message, sizeof(message), 6);
}

struct foreign foreign_error(const char *from, const char *to, uint8_t type, uint8_t code,
			     const struct foreign *about, uint32_t quoted)
{
	uint8_t message[192] = {type, code};

	memcpy(message + 8, about->bytes, quoted);
	return pack(from, to, is_v6(from) ? IP_PROTOCOL_ICMPV6 : IP_PROTOCOL_ICMP, message,
		    8 + quoted, 2);
}

void foreign_set_ttl(struct foreign *packet, uint8_t ttl)
{
	uint8_t *p = packet->bytes;

	if (p[0] >> 4 == 6) {
		p[7] = ttl;
		return;
	}
	p[8] = ttl;
	put_u16(p + 10, 0);
	put_u16(p + 10, cksum_finish(cksum_add(0, p, IP_V4_HEADER)));
}

void foreign_set_id(struct foreign *packet, uint16_t id)
{
	uint8_t *p = packet->bytes;

	put_u16(p + 4, id);
	put_u16(p + 10, 0);
	put_u16(p + 10, cksum_finish(cksum_add(0, p, IP_V4_HEADER)));
}

struct bw_rx foreign_rx(const struct foreign *packet, int64_t at_ns)
{
	return (struct bw_rx){
		.at = {at_ns},
		.linktype = FRAME_RAW,
		.length = packet->length,
		.wire_length = packet->length,
		.bytes = packet->bytes,
	};
}
