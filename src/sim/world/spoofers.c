/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/world/spoofers.h"

#include <string.h>

#include "base/chance.h"
#include "sim/packet/answer.h"
#include "sim/packet/impairment.h"
#include "sim/topology/blocks.h"
#include "sim/topology/check.h"
#include "wire/icmp.h"
#include "wire/token.h"
#include "wire/token_payload.h"

#define IP_HEADER_MAX 40
#define FORGED_PAYLOAD 56

void spoofers_init(struct spoofers *spoofers)
{
	spoofers->count = 0;
	spoofers->next_ns = INT64_MAX;
}

int spoofers_add(struct spoofers *spoofers, const struct sim_spoofer *config,
		 struct vantage_point *to, const struct bw_prefix *prefix, uint64_t seed,
		 struct bw_err *err)
{
	const struct bw_addr *source = prefix->addr.family == 4 ? &to->config.v4 : &to->config.v6;
	int rc = check_interval(config->start, config->end, err);

	if (rc < 0)
		return rc;
	if (!(config->rate_pps > 0) || !source->family)
		return bw_err_set(err, BW_ERR_VALUE,
				  "a spoofer needs a rate and a vantage of its family");
	if (spoofers->count == SPOOFERS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d spoofers", SPOOFERS_MAX);
	spoofers->list[spoofers->count] = (struct spoofer){
		.prefix = *prefix,
		.to = to,
		.end = config->end,
		.rate_pps = config->rate_pps,
		.rng = rng_of(chance_key(~seed, ~(uint64_t)spoofers->count)),
		.next_ns = config->start.ns,
	};
	spoofers->count++;
	if (config->start.ns < spoofers->next_ns)
		spoofers->next_ns = config->start.ns;
	return 0;
}

/*
 * Makes up a probe that was never sent, to be answered. The payload of every second one
 * begins as ours do. Everything that is secret is guessed.
 */
static void invent(struct spoofer *spoofer, struct request *request, uint8_t *bytes)
{
	const struct sim_vantage *to = &spoofer->to->config;
	const struct bw_prefix *prefix = &spoofer->prefix;
	uint32_t first, room = blocks_host_room(prefix, &first);
	uint8_t *message;

	*request = (struct request){.bytes = bytes, .outside = bytes, .ttl = 1};
	request->dst = bw_addr_add(&prefix->addr, first + rng_below(&spoofer->rng, room));
	request->src = prefix->addr.family == 4 ? to->v4 : to->v6;
	request->header = prefix->addr.family == 4 ? 20 : IP_HEADER_MAX;
	request->length = (uint16_t)(request->header + ICMP_HEADER + FORGED_PAYLOAD);
	request->dst_port = 443;
	request->src_port = (uint16_t)(TOKEN_PORT_FIRST + rng_below(&spoofer->rng, 4096));
	request->seq = (uint32_t)rng_u64(&spoofer->rng);
	message = bytes + request->header;
	for (unsigned i = 0; i < ICMP_HEADER + FORGED_PAYLOAD; i += 8)
		put_u64(message + i, rng_u64(&spoofer->rng));
	message[1] = 0;
	if (rng_u64(&spoofer->rng) & 1)
		put_u32(message + ICMP_HEADER, TOKEN_MAGIC);
}

/* Completes the headers of a made-up probe, for a forged error to quote. */
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

static void forge(struct spoofer *spoofer, struct arrivals *arrivals)
{
	struct vantage_point *to = spoofer->to;
	struct arrival arrival = {.at = {spoofer->next_ns}, .vantage = (uint8_t)to->number};
	struct answer_quote quote = {1, true, false};
	struct request request;
	uint8_t bytes[ARRIVAL_MAX];

	invent(spoofer, &request, bytes);
	switch (rng_below(&spoofer->rng, 4)) {
	case 0:
		arrival.length = answer_syn_ack(&request, &request.dst, 55,
						(uint32_t)rng_u64(&spoofer->rng), arrival.bytes);
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
	to->fates[SIM_FATE_FORGED]++;
	impairment_queue_plain(to, arrivals, &arrival);
}

void spoofers_forge(struct spoofers *spoofers, struct arrivals *arrivals, struct bw_mono now)
{
	int64_t next = INT64_MAX;

	for (unsigned i = 0; i < spoofers->count; i++) {
		struct spoofer *spoofer = &spoofers->list[i];
		int64_t mean = (int64_t)((double)BW_S / spoofer->rate_pps);

		while (spoofer->next_ns <= now.ns && spoofer->next_ns < spoofer->end.ns) {
			forge(spoofer, arrivals);
			spoofer->next_ns += chance_exponential(&spoofer->rng, mean) + 1;
		}
		if (spoofer->next_ns >= spoofer->end.ns)
			spoofer->next_ns = INT64_MAX;
		if (spoofer->next_ns < next)
			next = spoofer->next_ns;
	}
	spoofers->next_ns = next;
}
