/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/request.h"

#include <string.h>

#include "base/rng.h"
#include "wire/link/frame.h"
#include "wire/packet.h"

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

bool request_decode(const uint8_t *bytes, uint16_t length, struct request *ret_request)
{
	struct packet packet;
	const struct ip *ip = &packet.ip;

	if (packet_decode(FRAME_RAW, bytes, length, length, &packet) ||
	    packet.role != PACKET_REQUEST || !ip->whole || !ip_payload_is_intact(ip) ||
	    ip->payload.at - bytes + ip->payload_length != length)
		return false;
	*ret_request = (struct request){
		.src = ip->src,
		.dst = ip->dst,
		.protocol = packet.method.protocol,
		.ttl = ip->ttl,
		.src_port = packet.source_port,
		.dst_port = packet.method.port,
		.seq = packet.brief,
		.flow = flow_of(ip),
		.bytes = bytes,
		.length = length,
		.header = (uint16_t)(ip->payload.at - bytes),
	};
	return true;
}
