/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/request.h"

#include <string.h>

#include "base/rng.h"
#include "wire/cksum.h"
#include "wire/link/frame.h"
#include "wire/packet.h"

static uint32_t addr_sum(const struct bw_addr *addr)
{
	uint64_t high, low;

	memcpy(&high, addr->bytes, sizeof(high));
	memcpy(&low, addr->bytes + sizeof(high), sizeof(low));
	return (uint32_t)(rng_mix(high) + rng_mix(low));
}

/* The flow label of an IPv6 packet; 0: none. */
static uint32_t flow_label(const uint8_t *bytes, int family)
{
	return family == 6 ? (uint32_t)(bytes[1] & 15) << 16 | (uint32_t)bytes[2] << 8 | bytes[3]
			   : 0;
}

/*
 * Routers hash the first four bytes behind the IP header (ports, or ICMP type, code, checksum)
 * and the flow label.
 */
static uint32_t flow_of(const uint8_t *bytes, const struct ip *ip)
{
	uint32_t label = flow_label(bytes, ip->src.family), first, hash;

	memcpy(&first, ip->payload.at, sizeof(first));
	hash = (uint32_t)rng_mix((uint64_t)first << 32 | (addr_sum(&ip->src) + addr_sum(&ip->dst)));
	return label ? (uint32_t)rng_mix((uint64_t)label << 32 | hash) : hash;
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
		.flow = flow_of(bytes, ip),
		.bytes = bytes,
		.outside = bytes,
		.length = length,
		.header = (uint16_t)(ip->payload.at - bytes),
	};
	return true;
}

/* Where the checksum that covers the source is; NULL: none does. */
static uint8_t *upper_checksum(const struct request *request, uint8_t *bytes)
{
	uint8_t *upper = bytes + request->header;

	switch ((enum bw_protocol)request->protocol) {
	case BW_PROTOCOL_ICMP:
		return request->src.family == 6 ? upper + 2 : NULL;
	case BW_PROTOCOL_TCP:
		return upper + 16;
	case BW_PROTOCOL_UDP:
		return upper + 6;
	}
	return NULL;
}

void request_translate(struct request *request, const struct bw_addr *src, uint8_t *bytes)
{
	bool v4 = request->src.family == 4;
	size_t size = v4 ? 4 : 16;
	uint8_t *checksum = upper_checksum(request, bytes), *at = bytes + (v4 ? 12 : 8);

	memcpy(bytes, request->bytes, request->length);
	if (checksum)
		cksum_mend(checksum, at, src->bytes, size);
	if (v4)
		cksum_mend(bytes + 10, at, src->bytes, size);
	memcpy(at, src->bytes, size);
	request->outside = bytes;
}
