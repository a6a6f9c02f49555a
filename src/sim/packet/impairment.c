/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "sim/world/inside.h"
#include "sim/packet/answer.h"
#include "sim/truth/chance.h"
#include "wire/icmp.h"
#include "wire/token.h"

#define IP_HEADER_MAX 40
#define FORGED_PAYLOAD 56

static void queue(struct vantage *vantage, const struct arrival *arrival)
{
	if (arrivals_add(&vantage->world->arrivals, arrival) < 0)
		vantage->fates[SIM_FATE_OVERFLOW]++;
}

/* One wrong bit behind the IP header, which no checksum knows of. */
static void corrupt(struct vantage *vantage, struct arrival *arrival)
{
	unsigned header = arrival->bytes[0] >> 4 == 4 ? 20 : IP_HEADER_MAX;
	uint64_t bit = rng_below(&vantage->luck, (uint64_t)(arrival->length - header) * 8);

	arrival->bytes[header + bit / 8] ^= (uint8_t)(1 << bit % 8);
	vantage->fates[SIM_FATE_CORRUPTED]++;
}

static void queue_copies(struct vantage *vantage, const struct sim_mischief *mischief,
			 const struct arrival *arrival)
{
	unsigned most = mischief->copies_max > 2 ? mischief->copies_max : 2;
	struct arrival copy = *arrival;

	for (uint64_t extra = 1 + rng_below(&vantage->luck, most - 1); extra > 0; extra--) {
		copy.at = bw_mono_add(copy.at, chance_between(&vantage->luck, 1, 2 * BW_MS));
		vantage->fates[SIM_FATE_COPIES]++;
		queue(vantage, &copy);
	}
}

static void queue_replay(struct vantage *vantage, const struct sim_mischief *mischief,
			 const struct arrival *arrival)
{
	struct arrival copy = *arrival;

	copy.at = bw_mono_add(copy.at, chance_between(&vantage->luck, mischief->replay_min_ns,
						      mischief->replay_max_ns));
	vantage->fates[SIM_FATE_REPLAYED]++;
	queue(vantage, &copy);
}

void mischief_queue(struct vantage *vantage, const struct sim_mischief *mischief,
		    struct arrival *arrival)
{
	struct rng *luck = &vantage->luck;

	if (!mischief) {
		queue(vantage, arrival);
		return;
	}
	if (chance_hit(luck, mischief->late)) {
		arrival->at = bw_mono_add(arrival->at, chance_between(luck, mischief->late_min_ns,
								      mischief->late_max_ns));
		vantage->fates[SIM_FATE_LATE]++;
	}
	if (chance_hit(luck, mischief->corrupt))
		corrupt(vantage, arrival);
	queue(vantage, arrival);
	if (chance_hit(luck, mischief->duplicate))
		queue_copies(vantage, mischief, arrival);
	if (chance_hit(luck, mischief->replayed))
		queue_replay(vantage, mischief, arrival);
}

/*
 * A probe that never was, for somebody to answer. Its payload has the form of
 * ours in every second one; all that is secret is guessed.
 */
static void invent(const struct sim_world *world, struct spoofer *spoofer, struct request *request,
		   uint8_t *bytes)
{
	struct bw_prefix prefix = sim_world_prefix(world, spoofer->config.block);
	uint32_t first, room = truth_room(&prefix, &first);
	uint8_t *message;

	*request = (struct request){.bytes = bytes, .ttl = 1};
	request->dst = bw_addr_add(&prefix.addr, first + rng_below(&spoofer->luck, room));
	request->src = prefix.addr.family == 4
			       ? world->vantages[spoofer->config.vantage]->config.v4
			       : world->vantages[spoofer->config.vantage]->config.v6;
	request->header = prefix.addr.family == 4 ? 20 : IP_HEADER_MAX;
	request->length = (uint16_t)(request->header + ICMP_HEADER + FORGED_PAYLOAD);
	request->dst_port = 443;
	request->src_port = (uint16_t)(TOKEN_PORT_FIRST + rng_below(&spoofer->luck, 4096));
	request->seq = (uint32_t)rng_u64(&spoofer->luck);
	message = bytes + request->header;
	for (unsigned i = 0; i < ICMP_HEADER + FORGED_PAYLOAD; i += 8)
		put_u64(message + i, rng_u64(&spoofer->luck));
	message[1] = 0;
	if (rng_u64(&spoofer->luck) & 1)
		put_u32(message + ICMP_HEADER, TOKEN_MAGIC);
}

/* Makes the quoted probe of a forged error look like a packet. */
static void invent_header(const struct request *request, uint8_t *bytes)
{
	bool v4 = request->dst.family == 4;

	memset(bytes, 0, request->header);
	bytes[0] = v4 ? 0x45 : 0x60;
	bytes[v4 ? 9 : 6] = v4 ? 1 : 58;
	put_u16(bytes + (v4 ? 2 : 4), (uint16_t)(request->length - (v4 ? 0 : IP_HEADER_MAX)));
	memcpy(bytes + (v4 ? 12 : 8), request->src.bytes, v4 ? 4 : 16);
	memcpy(bytes + (v4 ? 16 : 24), request->dst.bytes, v4 ? 4 : 16);
	bytes[request->header] = v4 ? ICMP_V4_ECHO_REQUEST : ICMP_V6_ECHO_REQUEST;
}

static void forge(struct sim_world *world, struct spoofer *spoofer)
{
	struct vantage *vantage = world->vantages[spoofer->config.vantage];
	struct arrival arrival = {.at = {spoofer->next_ns}, .vantage = (uint8_t)vantage->number};
	struct answer_quote quote = {1, true};
	struct request request;
	uint8_t bytes[ARRIVAL_MAX];

	invent(world, spoofer, &request, bytes);
	switch (rng_below(&spoofer->luck, 4)) {
	case 0:
		arrival.length = answer_syn_ack(&request, &request.dst, 55,
						(uint32_t)rng_u64(&spoofer->luck), arrival.bytes);
		break;
	case 1:
		arrival.length = answer_rst(&request, &request.dst, 55, arrival.bytes);
		break;
	case 2:
		invent_header(&request, bytes);
		arrival.length = answer_icmp_error(&request, &request.dst, 55,
						   ANSWER_PORT_UNREACHABLE, quote, arrival.bytes);
		break;
	default:
		arrival.length = answer_echo(&request, &request.dst, 55, arrival.bytes);
		break;
	}
	vantage->fates[SIM_FATE_FORGED]++;
	queue(vantage, &arrival);
}

void mischief_forge(struct sim_world *world)
{
	int64_t next = INT64_MAX;

	for (unsigned i = 0; i < world->spoofer_count; i++) {
		struct spoofer *spoofer = &world->spoofers[i];
		int64_t mean = (int64_t)((double)BW_S / spoofer->config.rate_pps);

		while (spoofer->next_ns <= world->now.ns &&
		       spoofer->next_ns < spoofer->config.end.ns) {
			forge(world, spoofer);
			spoofer->next_ns += chance_exponential(&spoofer->luck, mean) + 1;
		}
		if (spoofer->next_ns >= spoofer->config.end.ns)
			spoofer->next_ns = INT64_MAX;
		if (spoofer->next_ns < next)
			next = spoofer->next_ns;
	}
	world->spoof_next_ns = next;
}
