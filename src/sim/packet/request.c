/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/request.h"

#include <string.h>

#include "base/rng.h"
#include "wire/icmp.h"
#include "wire/tcp.h"

static uint32_t addr_sum(const struct bw_addr *addr)
{
	uint64_t high, low;

	memcpy(&high, addr->bytes, sizeof(high));
	memcpy(&low, addr->bytes + sizeof(high), sizeof(low));
	return (uint32_t)(rng_mix(high) + rng_mix(low));
}

/* Routers hash the first four bytes behind the IP header: ports, or ICMP type, code, checksum. */
static uint32_t flow_of(const struct ip *ip)
{
	uint32_t first;

	memcpy(&first, ip->payload.at, sizeof(first));
	return (uint32_t)rng_mix((uint64_t)first << 32 | (addr_sum(&ip->src) + addr_sum(&ip->dst)));
}

static bool read_echo(const struct ip *ip, struct request *request)
{
	struct icmp icmp;

	if (!icmp_decode(ip->src.family, ip->payload, &icmp) || icmp.role != ICMP_REQUEST)
		return false;
	request->protocol = BW_PROTOCOL_ICMP;
	return true;
}

static bool read_syn(const struct ip *ip, struct request *request)
{
	struct tcp tcp;

	if (tcp_decode(ip, &tcp) || tcp.flags != TCP_SYN)
		return false;
	request->protocol = BW_PROTOCOL_TCP;
	request->src_port = tcp.src_port;
	request->dst_port = tcp.dst_port;
	request->seq = tcp.seq;
	return true;
}

bool request_decode(const uint8_t *bytes, uint16_t length, struct request *ret_request)
{
	struct request request = {.bytes = bytes, .length = length};
	struct ip ip;
	uint8_t echo;

	if (ip_decode(cursor_of(bytes, length), length, &ip) || ip.fragment || !ip.whole ||
	    !ip_payload_is_intact(&ip))
		return false;
	request.header = (uint16_t)(ip.payload.at - bytes);
	if (request.header + ip.payload_length != length)
		return false;
	request.src = ip.src;
	request.dst = ip.dst;
	request.ttl = ip.ttl;
	echo = ip.src.family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6;
	if (!(ip.protocol == echo ? read_echo(&ip, &request)
				  : ip.protocol == IP_PROTOCOL_TCP && read_syn(&ip, &request)))
		return false;
	request.flow = flow_of(&ip);
	*ret_request = request;
	return true;
}
