/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One probe, from leaving the vantage to what is queued as its answer. It meets
 * on its way, in this order: the vantage's own cuts and loss; routers, at one
 * of which its TTL may end; faults, which end the way or spoil it; the block's
 * line; then the border router, a host, or nobody. An answer must pass the
 * block's limit and the loss of the way back. What the vantage does to frames
 * that arrive (cuts, capture drops) is decided when they arrive, in vantage.c.
 *
 * The truth that counts is that of the moment when the probe is there: half a
 * round trip after it was sent. A probe that leaves before the end of an outage
 * and arrives after it is answered, as in life.
 *
 * Each probe has exactly one fate, which is counted.
 */
#include <string.h>

#include "base/addr_key.h"
#include "sim/world/inside.h"
#include "sim/packet/answer.h"
#include "sim/truth/chance.h"

#define ROUTER_TTL 255
#define HOST_TTL 64
#define ROUTER_BURST 6
#define RESOLVE_NS (3 * BW_S) /* until a router gives up asking for a host's MAC address */
#define LINE_KEY UINT64_C(0x6c696e65)

/* A probe on its way. */
struct trip {
	struct sim_world *world;
	struct vantage *vantage;
	struct request request;
	struct site site;
	const struct sim_profile *profile; /* NULL: no block has the address */
	struct way way;
	struct trouble trouble;
	bool lan;
	uint64_t block_key;
	int64_t sent_ns, round_ns; /* round_ns: there and back */
	int64_t there_ns;          /* when it reaches the block */
};

static uint64_t vantage_key(const struct trip *trip)
{
	return chance_key(~trip->world->seed, trip->vantage->number);
}

/* What is sent back at one moment gets to the vantage, or is lost. */
static bool comes_back(const struct trip *trip, int64_t arrives_ns)
{
	const struct vantage *vantage = trip->vantage;

	return trip->lan || !line_loses_back(&vantage->config.line, vantage_key(trip), arrives_ns,
					     &trip->vantage->luck);
}

static struct arrival arrival_at(const struct trip *trip, int64_t after_ns)
{
	struct arrival arrival;

	arrival.at = bw_mono_add((struct bw_mono){trip->sent_ns}, after_ns);
	arrival.vantage = (uint8_t)trip->vantage->number;
	arrival.lan = trip->lan;
	arrival.length = 0;
	return arrival;
}

/* The round trip to a hop: its part of the way, and a router's moment of thought. */
static int64_t hop_round_trip(const struct trip *trip, unsigned hop)
{
	int64_t whole = trip->profile ? trip->profile->delay.base_ns : 0;

	return whole / (trip->way.count + 1) * hop +
	       (int64_t)(rng_unit(&trip->vantage->luck) * (double)BW_MS) + BW_US;
}

/* An ICMP error of the router at a hop (from 1) about a probe that had TTL left there. */
static void send_error(struct trip *trip, unsigned hop, enum answer_error error, uint8_t ttl,
		       int64_t after_ns)
{
	struct router *router =
		world_router(trip->world, path_router(&trip->way, hop, trip->request.flow));
	bool v4 = trip->request.dst.family == 4;
	const struct bw_addr *from = v4 ? &router->config.v4 : &router->config.v6;
	struct answer_quote quote = {ttl, !v4 || router->config.long_quote};
	struct arrival arrival = arrival_at(trip, after_ns);

	if (!from->family || chance_hit(&trip->vantage->luck, router->config.silent))
		return;
	if (router->config.errors_pps > 0 &&
	    !bucket_take(&router->bucket, router->config.errors_pps, ROUTER_BURST,
			 trip->sent_ns + after_ns / 2))
		return;
	if (!comes_back(trip, arrival.at.ns))
		return;
	arrival.length = answer_icmp_error(&trip->request, from, (uint8_t)(ROUTER_TTL - hop + 1),
					   error, quote, arrival.bytes);
	mischief_queue(trip->vantage, NULL, &arrival);
}

static enum sim_fate expire(struct trip *trip, unsigned hop)
{
	send_error(trip, hop, ANSWER_TIME_EXCEEDED, 1, hop_round_trip(trip, hop));
	return SIM_FATE_EXPIRED;
}

/* Between a router and the one before it until the TTL has ended. */
static void loop(struct trip *trip, unsigned hop)
{
	unsigned steps = trip->request.ttl - hop;
	unsigned last = steps % 2 && hop > 1 ? hop - 1 : hop;

	send_error(trip, last, ANSWER_TIME_EXCEEDED, 1, hop_round_trip(trip, hop + steps));
}

static enum sim_fate meet_fault(struct trip *trip)
{
	unsigned hop = trip->trouble.hop;
	uint8_t left = (uint8_t)(trip->request.ttl - hop);
	bool last = hop == trip->way.count;

	if (hop == 0)
		return SIM_FATE_FAULT;
	switch (trip->trouble.kind) {
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

/* A border router that gave up asking for the host says so, some seconds later. */
static void miss_host(struct trip *trip)
{
	if (trip->profile->unreachables && trip->way.count)
		send_error(trip, trip->way.count, ANSWER_HOST_UNREACHABLE,
			   (uint8_t)(trip->request.ttl - trip->way.count),
			   trip->round_ns + RESOLVE_NS);
}

static bool port_is_open(const struct sim_host_kind *kind, uint16_t port)
{
	for (unsigned i = 0; i < kind->port_count; i++) {
		if (kind->ports[i] == port)
			return true;
	}
	return false;
}

/* Writes what a host says to a SYN at a closed port; 0: nothing. */
static uint16_t refuse(const struct request *request, enum sim_closed closed,
		       const struct bw_addr *from, uint8_t ttl, uint8_t *bytes)
{
	struct answer_quote quote = {request->ttl, true};

	switch (closed) {
	case SIM_CLOSED_SILENT:
		break;
	case SIM_CLOSED_RST:
		return answer_rst(request, from, ttl, bytes);
	case SIM_CLOSED_UNREACHABLE:
		return answer_icmp_error(request, from, ttl, ANSWER_PORT_UNREACHABLE, quote, bytes);
	case SIM_CLOSED_PROHIBITED:
		return answer_icmp_error(request, from, ttl, ANSWER_PROHIBITED, quote, bytes);
	}
	return 0;
}

/* What a host of a kind says; 0: nothing. */
static uint16_t speak(struct trip *trip, const struct sim_host_kind *kind,
		      const struct bw_addr *from, uint8_t *bytes)
{
	const struct request *request = &trip->request;
	uint8_t ttl = (uint8_t)((kind->ttl ? kind->ttl : HOST_TTL) - trip->way.count);

	if (request->protocol == BW_PROTOCOL_ICMP)
		return kind->icmp ? answer_echo(request, from, ttl, bytes) : 0;
	if (port_is_open(kind, request->dst_port))
		return answer_syn_ack(request, from, ttl, (uint32_t)rng_u64(&trip->vantage->luck),
				      bytes);
	return refuse(request, kind->closed, from, ttl, bytes);
}

static enum sim_fate answer(struct trip *trip, const struct sim_host_kind *kind)
{
	const struct sim_profile *profile = trip->profile;
	struct rng *luck = &trip->vantage->luck;
	struct arrival arrival = arrival_at(trip, trip->round_ns);
	struct bw_addr from = trip->request.dst;

	if (chance_hit(luck, profile->mischief.alias)) {
		from = bw_addr_add(&from, 1);
		trip->vantage->fates[SIM_FATE_ALIASED]++;
	}
	arrival.length = speak(trip, kind, &from, arrival.bytes);
	if (arrival.length == 0)
		return SIM_FATE_FILTERED;
	if (profile->limit_pps > 0 &&
	    !bucket_take(site_bucket(trip->world, &trip->site), profile->limit_pps,
			 profile->limit_burst, trip->there_ns))
		return SIM_FATE_LIMITED;
	if (chance_hit(luck, trip->trouble.loss.back) ||
	    line_loses_back(&profile->line, chance_key(trip->block_key, LINE_KEY), trip->there_ns,
			    luck) ||
	    !comes_back(trip, arrival.at.ns))
		return SIM_FATE_LOST_BACK;
	mischief_queue(trip->vantage, &profile->mischief, &arrival);
	return SIM_FATE_ANSWERED;
}

/* The router at the block's edge, when it answers for this address; also when the block is dark. */
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
	first = bw_addr_add(&trip->site.prefix.addr, 1);
	return bw_addr_equal(&first, &trip->request.dst) ? &border : NULL;
}

static enum sim_fate visit_host(struct trip *trip)
{
	struct rng *luck = &trip->vantage->luck;
	struct found_host host;

	if (!truth_find_host(trip->world, &trip->site, &trip->request.dst, trip->there_ns, &host)) {
		miss_host(trip);
		return SIM_FATE_NO_HOST;
	}
	if (!truth_host_is_on(trip->world, &host, trip->there_ns, luck)) {
		miss_host(trip);
		return SIM_FATE_OFF;
	}
	if (chance_hit(luck, host.kind->miss))
		return SIM_FATE_OFF;
	return answer(trip, host.kind);
}

/* Behind the last router that forwards. */
static enum sim_fate visit_block(struct trip *trip)
{
	struct rng *luck = &trip->vantage->luck;
	const struct sim_host_kind *border;

	if (trip->trouble.ends && trip->trouble.hop < trip->way.count)
		return meet_fault(trip);
	if (chance_hit(luck, trip->trouble.loss.out) ||
	    line_loses_out(&trip->profile->line, chance_key(trip->block_key, LINE_KEY),
			   trip->there_ns, luck))
		return SIM_FATE_LOST_OUT;
	border = border_of(trip);
	if (border)
		return answer(trip, border);
	return trip->trouble.ends ? meet_fault(trip) : visit_host(trip);
}

static void plan_to_block(struct trip *trip)
{
	struct addr_key to = addr_key_of(&trip->request.dst);

	trip->block_key = truth_block_key(trip->world, trip->site.block);
	trip->round_ns =
		line_round_trip(&trip->profile->delay, trip->block_key,
				chance_key(trip->block_key, to.hi ^ to.lo), &trip->vantage->luck);
	trip->there_ns = trip->sent_ns + trip->round_ns / 2;
	trip->trouble = fault_trouble(trip->world, trip->vantage, &trip->way, &trip->site,
				      &trip->request.dst, trip->there_ns);
	trip->round_ns += trip->trouble.delay_ns;
}

static enum sim_fate cross(struct trip *trip)
{
	unsigned open;

	if (trip->profile)
		plan_to_block(trip);
	open = trip->trouble.ends ? trip->trouble.hop : trip->way.count;
	if (trip->request.ttl <= open)
		return expire(trip, trip->request.ttl);
	return trip->profile ? visit_block(trip) : SIM_FATE_UNROUTED;
}

/* Out of the vantage's own network. */
static enum sim_fate leave(struct trip *trip)
{
	struct vantage *vantage = trip->vantage;

	if (vantage_fault(vantage, SIM_LAN_CUT, trip->sent_ns))
		return SIM_FATE_CUT;
	if (trip->lan)
		return cross(trip);
	if (vantage_fault(vantage, SIM_UPLINK_CUT, trip->sent_ns)) {
		trip->lan = true; /* the gateway itself still answers */
		return trip->request.ttl == 1 && trip->way.near_count ? expire(trip, 1)
								      : SIM_FATE_CUT;
	}
	if (line_loses_out(&vantage->config.line, vantage_key(trip), trip->sent_ns, &vantage->luck))
		return SIM_FATE_LOST_OUT;
	return cross(trip);
}

static void look_up(struct trip *trip)
{
	struct sim_world *world = trip->world;
	uint32_t block;

	if (lpm_find(&world->lpm, &trip->request.dst, &block)) {
		trip->site = site_of(world, block);
		trip->profile = world_profile(world, trip->site.tract->profile);
		trip->lan = trip->profile->lan;
		if (!trip->lan)
			trip->way = path_way(world, trip->vantage, trip->site.tract->network);
	} else {
		trip->way = path_near(world, trip->vantage);
	}
}

static enum sim_fate run(struct vantage *vantage, const uint8_t *bytes, uint16_t length)
{
	struct trip trip = {.world = vantage->world,
			    .vantage = vantage,
			    .sent_ns = vantage->world->now.ns};
	const struct bw_addr *source;

	if (!request_decode(bytes, length, &trip.request) || trip.request.ttl == 0)
		return SIM_FATE_MALFORMED;
	source = trip.request.src.family == 4 ? &vantage->config.v4 : &vantage->config.v6;
	if (!bw_addr_equal(source, &trip.request.src))
		return SIM_FATE_STRAY;
	look_up(&trip);
	return leave(&trip);
}

void exchange_run(struct vantage *vantage, const uint8_t *bytes, uint16_t length)
{
	vantage->fates[run(vantage, bytes, length)]++;
}
