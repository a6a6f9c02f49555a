/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/tcp.h"

#include "wire/cksum.h"

#define CHECKSUM_AT 16

bool tcp_decode_quote(struct cursor quote, struct tcp *ret_tcp)
{
	struct tcp tcp = {.flags = 0};

	tcp.src_port = cursor_u16(&quote);
	tcp.dst_port = cursor_u16(&quote);
	tcp.seq = cursor_u32(&quote);
	if (quote.failed)
		return false;
	*ret_tcp = tcp;
	return true;
}

enum reject tcp_decode(const struct ip *ip, struct tcp *ret_tcp)
{
	struct cursor c = ip->payload;
	struct tcp tcp = {.flags = 0};
	uint32_t header;

	if (cursor_left(&c) < TCP_HEADER)
		return ip_short(ip);
	tcp.src_port = cursor_u16(&c);
	tcp.dst_port = cursor_u16(&c);
	tcp.seq = cursor_u32(&c);
	tcp.ack = cursor_u32(&c);
	header = (cursor_u8(&c) >> 4) * 4;
	tcp.flags = cursor_u8(&c);
	if (header < TCP_HEADER || header > ip->payload_length)
		return REJECT_MALFORMED;
	*ret_tcp = tcp;
	return REJECT_NONE;
}

bool tcp_is_intact(const struct ip *ip)
{
	struct cursor c = ip->payload;
	uint64_t pseudo;

	if (ip_payload_is_intact(ip))
		return true;
	pseudo = cksum_pseudo(&ip->src, &ip->dst, ip->protocol, ip->payload_length);
	cursor_skip(&c, CHECKSUM_AT);
	return cursor_u16(&c) == cksum_fold(pseudo) && !c.failed;
}
