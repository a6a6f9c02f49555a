/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One probe, from leaving the vantage to the queueing of its answer. On its way it meets,
 * in this order: the cuts and the loss of the vantage; routers, at one of which its TTL
 * may expire; faults, which end the path or degrade it; the loss of the block's link; then
 * the border router, a host, or nobody. An answer must pass the block's rate limit and the
 * loss on the way back. What the vantage does to frames that arrive (cuts, capture drops)
 * is decided when they arrive, in packet/vantage_point.c.
 *
 * The truth of the moment at which the probe reaches the block counts: half a round trip
 * after it was sent. A probe that leaves before the end of an outage and arrives after it
 * is answered, as in reality.
 *
 * Each probe has exactly one fate, which is counted.
 */
#include "sim/world/exchange.h"

#include <string.h>

#include "base/addr/addr_key.h"
#include "base/chance.h"
#include "sim/packet/answer.h"
#include "sim/packet/host_answer.h"
#include "sim/packet/impairment.h"
#include "sim/packet/request.h"
#include "sim/truth/fault_effect.h"

#define ROUTER_TTL 255
#define ROUTER_BURST 6
#define RESOLVE_NS (3 * BW_S) /* until a router gives up asking for a host's MAC address */
#define LINK_KEY UINT64_C(0x6c696e65)

/* A probe on its way. */
struct trip {
	struct exchange *exchange;
	const struct ground_truth *truth;
	struct vantage_point *point;
	struct request request;
	struct sim_block block;
	const struct sim_profile *profile; /* NULL: no block has the address */
	struct route route;
	struct fault_effect effect;
	bool lan;
	uint64_t block_key;
	int64_t sent_ns, round_ns; /* round_ns: of the round trip */
	int64_t there_ns;          /* when it reaches the block */
	uint8_t translated[BW_PACKET_MAX];
};

void exchange_init(struct exchange *exchange, const struct ground_truth *truth, uint32_t frames_max)
{
	exchange->truth = truth;
	limits_init(&exchange->router_limits);
	limits_init(&exchange->block_limits);
	arrivals_init(&exchange->arrivals, frames_max);
}

void exchange_fini(struct exchange *exchange)
{
	limits_fini(&exchange->router_limits);
	limits_fini(&exchange->block_limits);
	arrivals_fini(&exchange->arrivals);
}

static uint64_t vantage_key(const struct trip *trip)
{
	return chance_key(~trip->truth->seed, trip->point->number);
}

/* Whether a packet that arrives at a time survives the uplink of the vantage. */
static bool comes_back(const struct trip *trip, int64_t arrives_ns)
{
	const struct vantage_point *point = trip->point;

	return trip->lan || !sim_link_loses_back(&point->config.link, vantage_key(trip), arrives_ns,
						 &trip->point->rng);
}

static struct arrival arrival_at(const struct trip *trip, int64_t after_ns)
{
	struct arrival arrival;

	arrival.at = bw_mono_add((struct bw_mono){trip->sent_ns}, after_ns);
	arrival.vantage = (uint8_t)trip->point->number;
	arrival.lan = trip->lan;
	arrival.length = 0;
	return arrival;
}

/* The round trip to a hop: its part of the path, and the time in the router. */
static int64_t hop_round_trip(const struct trip *trip, unsigned hop)
{
	int64_t whole = trip->profile ? trip->profile->delay.base_ns : 0;

	return whole / (trip->route.count + 1) * hop +
	       (int64_t)(rng_unit(&trip->point->rng) * (double)BW_MS) + BW_US;
}

/* Sends an ICMP error of the router at a hop. TTL is what the probe had left there. */
static void send_error(struct trip *trip, unsigned hop, enum answer_error error, uint8_t ttl,
		       int64_t after_ns)
{
	uint16_t number = paths_router_at(&trip->route, hop, trip->request.flow);
	const struct sim_router *router = paths_router(&trip->truth->paths, number);
	bool v4 = trip->request.dst.family == 4;
	const struct bw_addr *from = v4 ? &router->v4 : &router->v6;
	struct answer_quote quote = {ttl, !v4 || router->long_quote, hop == 1};
	struct arrival arrival = arrival_at(trip, after_ns);

	if (!from->family || chance_hit(&trip->point->rng, router->silent))
		return;
	if (router->errors_pps > 0 &&
	    !limits_take(&trip->exchange->router_limits, number, router->errors_pps, ROUTER_BURST,
			 trip->sent_ns + after_ns / 2))
		return;
	if (!comes_back(trip, arrival.at.ns))
		return;
	arrival.length = answer_icmp_error(&trip->request, from, (uint8_t)(ROUTER_TTL - hop + 1),
					   error, quote, arrival.bytes);
	impairment_queue_plain(trip->point, &trip->exchange->arrivals, &arrival);
}

static enum sim_fate expire(struct trip *trip, unsigned hop)
{
	send_error(trip, hop, ANSWER_TIME_EXCEEDED, 1, hop_round_trip(trip, hop));
	return SIM_FATE_EXPIRED;
}

/* The probe bounces between a router and the one before it until its TTL expires. */
static void loop(struct trip *trip, unsigned hop)
{
	unsigned steps = trip->request.ttl - hop;
	unsigned last = steps % 2 && hop > 1 ? hop - 1 : hop;

	send_error(trip, last, ANSWER_TIME_EXCEEDED, 1, hop_round_trip(trip, hop + steps));
}

static enum sim_fate meet_fault(struct trip *trip)
{
	unsigned hop = trip->effect.hop;
	uint8_t left = (uint8_t)(trip->request.ttl - hop);
	bool last = hop == trip->route.count;

	if (hop == 0)
		return SIM_FATE_FAULT;
	switch (trip->effect.kind) {
	case SIM_SILENT:
	case SIM_DEGRADED:
		break;
	case SIM_UNREACHABLE:
		send_error(trip, hop, last ? ANSWER_HOST_UNREACHABLE : ANSWER_NET_UNREACHABLE, left,
			   hop_round_trip(trip, hop));
		break;
	case SIM_PROHIBITED:
		send_error(trip, hop, ANSWER_PROHIBITED, left, hop_round_trip(trip, hop));
		break;
	case SIM_LOOP:
		loop(trip, hop);
		break;
	}
	return SIM_FATE_FAULT;
}

/* A border router that cannot resolve the host sends host unreachable after some seconds. */
static void miss_host(struct trip *trip)
{
	if (trip->profile->unreachables && trip->route.count)
		send_error(trip, trip->route.count, ANSWER_HOST_UNREACHABLE,
			   (uint8_t)(trip->request.ttl - trip->route.count),
			   trip->round_ns + RESOLVE_NS);
}

static enum sim_fate answer(struct trip *trip, const struct sim_host_kind *kind)
{
	const struct sim_profile *profile = trip->profile;
	struct rng *rng = &trip->point->rng;
	struct arrival arrival = arrival_at(trip, trip->round_ns);
	struct bw_addr from = trip->request.dst;

	if (chance_hit(rng, profile->impairment.alias)) {
		from = bw_addr_add(&from, 1);
		trip->point->fates[SIM_FATE_ALIASED]++;
	}
	arrival.length = host_answer_write(&trip->request, kind, &from, trip->route.count, rng,
					   arrival.bytes);
	if (arrival.length == 0)
		return SIM_FATE_FILTERED;
	if (profile->limit_pps > 0 &&
	    !limits_take(&trip->exchange->block_limits, blocks_limit(&trip->block),
			 profile->limit_pps, profile->limit_burst, trip->there_ns))
		return SIM_FATE_LIMITED;
	if (chance_hit(rng, trip->effect.loss.back) ||
	    sim_link_loses_back(&profile->link, chance_key(trip->block_key, LINK_KEY),
				trip->there_ns, rng) ||
	    !comes_back(trip, arrival.at.ns))
		return SIM_FATE_LOST_BACK;
	impairment_queue(trip->point, &trip->exchange->arrivals, &profile->impairment, &arrival);
	return SIM_FATE_ANSWERED;
}

/* The border router, if it answers for this address. It does so for a dark block, too. */
static const struct sim_host_kind *border_of(const struct trip *trip)
{
	static const struct sim_host_kind border = {.icmp = true, .ttl = ROUTER_TTL};
	static const struct sim_host_kind proxy = {.icmp = true,
						   .ttl = ROUTER_TTL,
						   .closed = SIM_CLOSED_RST};
	struct bw_addr first;

	if (trip->profile->proxy)
		return &proxy;
	if (!trip->profile->border)
		return NULL;
	first = bw_addr_add(&trip->block.prefix.addr, 1);
	return bw_addr_equal(&first, &trip->request.dst) ? &border : NULL;
}

static enum sim_fate visit_host(struct trip *trip)
{
	struct rng *rng = &trip->point->rng;
	struct found_host host;

	if (!hosts_find(&trip->truth->hosts, &trip->block, &trip->request.dst, trip->there_ns,
			&host)) {
		miss_host(trip);
		return SIM_FATE_NO_HOST;
	}
	if (!hosts_is_on(&trip->truth->hosts, &host, trip->there_ns, rng)) {
		miss_host(trip);
		return SIM_FATE_OFF;
	}
	if (chance_hit(rng, host.kind->miss))
		return SIM_FATE_OFF;
	return answer(trip, host.kind);
}

/* The probe has passed the last router that forwards it. */
static enum sim_fate visit_block(struct trip *trip)
{
	struct rng *rng = &trip->point->rng;
	const struct sim_host_kind *border;

	if (trip->effect.ends && trip->effect.hop < trip->route.count)
		return meet_fault(trip);
	if (chance_hit(rng, trip->effect.loss.out) ||
	    sim_link_loses_out(&trip->profile->link, chance_key(trip->block_key, LINK_KEY),
			       trip->there_ns, rng))
		return SIM_FATE_LOST_OUT;
	border = border_of(trip);
	if (border)
		return answer(trip, border);
	return trip->effect.ends ? meet_fault(trip) : visit_host(trip);
}

static void plan_to_block(struct trip *trip)
{
	struct addr_key to = addr_key_of(&trip->request.dst);

	trip->block_key = hosts_block_key(&trip->truth->hosts, trip->block.number);
	trip->round_ns =
		sim_link_round_trip(&trip->profile->delay, trip->block_key,
				    chance_key(trip->block_key, to.hi ^ to.lo), &trip->point->rng);
	trip->there_ns = trip->sent_ns + trip->round_ns / 2;
	trip->effect = fault_effect_of(&trip->truth->faults,
				       &(struct fault_query){trip->point->number, &trip->route,
							     &trip->block, &trip->request.dst,
							     trip->there_ns});
	trip->round_ns += trip->effect.delay_ns;
}

static enum sim_fate cross(struct trip *trip)
{
	unsigned open;

	if (trip->profile)
		plan_to_block(trip);
	open = trip->effect.ends ? trip->effect.hop : trip->route.count;
	if (trip->request.ttl <= open)
		return expire(trip, trip->request.ttl);
	return trip->profile ? visit_block(trip) : SIM_FATE_UNROUTED;
}

/* The probe leaves the network of the vantage. */
static enum sim_fate leave(struct trip *trip)
{
	struct vantage_point *point = trip->point;
	int family = trip->request.dst.family;

	if (vantage_point_fault(point, SIM_LAN_CUT, family, trip->sent_ns))
		return SIM_FATE_CUT;
	if (trip->lan)
		return cross(trip);
	if (vantage_point_fault(point, SIM_UPLINK_CUT, family, trip->sent_ns)) {
		trip->lan = true; /* the gateway itself still answers */
		return trip->request.ttl == 1 && trip->route.near_count ? expire(trip, 1)
									: SIM_FATE_CUT;
	}
	if (sim_link_loses_out(&point->config.link, vantage_key(trip), trip->sent_ns, &point->rng))
		return SIM_FATE_LOST_OUT;
	return cross(trip);
}

static void look_up(struct trip *trip)
{
	const struct ground_truth *truth = trip->truth;
	int path = trip->point->config.path;
	uint32_t block;

	if (blocks_find(&truth->blocks, &trip->request.dst, &block)) {
		trip->block = blocks_get(&truth->blocks, block);
		trip->profile = profiles_at(&truth->profiles, trip->block.range->profile);
		trip->lan = trip->profile->lan;
		if (!trip->lan)
			trip->route = paths_route_to(&truth->paths, path,
						     trip->block.range->network, trip->sent_ns);
	} else {
		trip->route = paths_route(&truth->paths, path);
	}
}

/* The NAT of the vantage, where it has one, changes what leaves its network. */
static void translate(struct trip *trip)
{
	const struct sim_vantage *vantage = &trip->point->config;
	const struct bw_addr *outside =
		trip->request.src.family == 4 ? &vantage->outside_v4 : &vantage->outside_v6;

	if (!trip->lan && outside->family)
		request_translate(&trip->request, outside, trip->translated);
}

static enum sim_fate run(struct trip *trip, const struct bw_tx *tx)
{
	const struct sim_vantage *vantage = &trip->point->config;
	const struct bw_addr *source;

	if (!request_decode(tx->bytes, tx->length, &trip->request) || trip->request.ttl == 0)
		return SIM_FATE_MALFORMED;
	source = trip->request.src.family == 4 ? &vantage->v4 : &vantage->v6;
	if (!bw_addr_equal(source, &trip->request.src))
		return SIM_FATE_STRAY;
	look_up(trip);
	translate(trip);
	return leave(trip);
}

void exchange_run(struct exchange *exchange, struct vantage_point *point, struct bw_mono now,
		  const struct bw_tx *tx)
{
	struct trip trip;

	memset(&trip, 0, offsetof(struct trip, translated));
	trip.exchange = exchange;
	trip.truth = exchange->truth;
	trip.point = point;
	trip.sent_ns = now.ns;
	point->fates[run(&trip, tx)]++;
}
