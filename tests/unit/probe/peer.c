/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <string.h>

#include "base/cursor.h"
#include "wire/cksum.h"

#define DLT_RAW_NUMBER 12
#define IP_HEADER 20
#define SRC 12
#define DST 16
#define PROTOCOL 9

static size_t peer_send(void *self, struct bw_tx *batch, size_t count)
{
	struct peer *peer = self;
	size_t done = 0;

	while (done < count && done < peer->accept) {
		batch[done].status = peer->status;
		batch[done].sent = peer->now;
		if (peer->status == 0 && peer->count < PEER_SENT_MAX)
			peer->sent[peer->count++] = batch[done];
		done++;
	}
	return done;
}

static void peer_stats(void *self, struct bw_transport_stats *ret_stats)
{
	const struct peer *peer = self;

	*ret_stats = (struct bw_transport_stats){
		.sent = peer->count,
		.received = peer->received,
		.capture_dropped = peer->capture_dropped,
	};
}

struct bw_transport peer_transport(struct peer *peer)
{
	static const struct bw_transport_ops ops = {.send = peer_send, .stats = peer_stats};

	return (struct bw_transport){.ops = &ops, .self = peer};
}

static struct bw_addr addr_at(const uint8_t *bytes)
{
	struct bw_addr addr = {.family = 4};

	memcpy(addr.bytes, bytes, 4);
	return addr;
}

void peer_checksum(struct peer_frame *frame)
{
	uint8_t *ip = frame->bytes, *l4 = ip + IP_HEADER;
	uint32_t length = frame->length - IP_HEADER;
	bool tcp = ip[PROTOCOL] == 6;
	struct bw_addr src = addr_at(ip + SRC), dst = addr_at(ip + DST);
	uint8_t *field = l4 + (tcp ? 16 : 2);

	put_u16(ip + 2, (uint16_t)frame->length);
	put_u16(ip + 10, 0);
	put_u16(ip + 10, cksum_finish(cksum_add(0, ip, IP_HEADER)));
	put_u16(field, 0);
	put_u16(field, cksum_finish(cksum_add(tcp ? cksum_pseudo(&src, &dst, 6, length) : 0, l4,
					      length)));
}

static struct peer_frame turned(const struct bw_tx *probe)
{
	struct peer_frame frame = {.length = probe->length};

	memcpy(frame.bytes, probe->bytes, probe->length);
	memcpy(frame.bytes + SRC, probe->bytes + DST, 4);
	memcpy(frame.bytes + DST, probe->bytes + SRC, 4);
	return frame;
}

struct peer_frame peer_echo_reply(const struct bw_tx *probe)
{
	struct peer_frame frame = turned(probe);

	frame.bytes[IP_HEADER] = 0;
	peer_checksum(&frame);
	return frame;
}

static struct peer_frame tcp_answer(const struct bw_tx *probe, uint8_t flags, uint32_t seq)
{
	struct peer_frame frame = turned(probe);
	uint8_t *tcp = frame.bytes + IP_HEADER;
	struct cursor ports = cursor_of(probe->bytes + IP_HEADER, 8);
	uint16_t from = cursor_u16(&ports), to = cursor_u16(&ports);
	uint32_t acked = cursor_u32(&ports) + 1;

	frame.length = IP_HEADER + 20;
	put_u16(tcp, to);
	put_u16(tcp + 2, from);
	put_u32(tcp + 4, seq);
	put_u32(tcp + 8, acked);
	tcp[12] = 5 << 4;
	tcp[13] = flags;
	peer_checksum(&frame);
	return frame;
}

struct peer_frame peer_syn_ack(const struct bw_tx *probe)
{
	return tcp_answer(probe, 0x12, 0x01020304);
}

struct peer_frame peer_rst(const struct bw_tx *probe)
{
	return tcp_answer(probe, 0x14, 0);
}

struct peer_frame peer_error(const struct bw_tx *probe, const char *router, uint8_t type,
			     uint8_t code)
{
	struct peer_frame frame = turned(probe);
	uint8_t *icmp = frame.bytes + IP_HEADER;
	struct bw_addr from = {0};

	if (bw_addr_parse(router, &from) == 0)
		memcpy(frame.bytes + SRC, from.bytes, 4);
	frame.bytes[PROTOCOL] = 1;
	memset(icmp, 0, 8);
	icmp[0] = type;
	icmp[1] = code;
	memcpy(icmp + 8, probe->bytes, IP_HEADER + 8);
	frame.length = IP_HEADER + 8 + IP_HEADER + 8;
	peer_checksum(&frame);
	return frame;
}

struct bw_rx peer_rx(const struct peer_frame *frame, struct bw_mono at)
{
	return (struct bw_rx){
		.at = at,
		.linktype = DLT_RAW_NUMBER,
		.length = frame->length,
		.wire_length = frame->length,
		.bytes = frame->bytes,
	};
}
