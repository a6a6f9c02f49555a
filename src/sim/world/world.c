/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulated Internet. Three things are kept apart:
 *
 * - The ground truth (truth/): which hosts are on and which faults are in effect. It is a
 *   function of seed and time and has no memory.
 * - Chance: what happens to one packet (loss, delay, impairment). Each vantage and each
 *   spoofer has a generator of its own, drawn in the order of its packets. So what one
 *   vantage sends does not change what another one sees.
 * - What is on its way (exchange.c): frames in order of arrival, and the rate limits of
 *   blocks and routers. This is all that probing changes.
 *
 * A vantage's transport hands a probe to the exchange. It reads the bytes as a kernel
 * would (packet/request), finds the block and the route (topology/), the faults on the
 * route and the host (truth/), writes the answer (packet/answer) and queues it after what
 * may happen to it (packet/impairment). sim_world_take() hands out what is due.
 *
 * Memory: none for a block, 50 to 100 bytes for blocks that are added together, 8 for a
 * block whose answers are limited, 32 for a fault. Hosts of groups take none.
 */
#include "sim/world/world.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "sim/world/exchange.h"

#define VANTAGES_MAX 16
#define FRAMES_DEFAULT (UINT32_C(1) << 20)
#define LINKTYPE_RAW 12 /* DLT_RAW */

/* What a transport has as its self. */
struct port {
	struct sim_world *world;
	struct vantage_point point;
};

struct sim_world {
	struct bw_wall start;
	bool sealed;
	struct bw_mono now;
	struct ground_truth truth;
	struct exchange exchange;
	struct spoofers spoofers;
	unsigned port_count;
	struct port *ports[VANTAGES_MAX];
};

struct sim_world *sim_world_new(const struct sim_world_config *config)
{
	struct sim_world *world = calloc(1, sizeof(*world));

	if (!world)
		return NULL;
	world->start = config->start;
	spoofers_init(&world->spoofers);
	exchange_init(&world->exchange, &world->truth,
		      config->frames_max ? config->frames_max : FRAMES_DEFAULT);
	if (ground_truth_init(&world->truth, rng_mix(config->seed), config->start) < 0) {
		sim_world_free(world);
		return NULL;
	}
	return world;
}

void sim_world_free(struct sim_world *world)
{
	if (!world)
		return;
	for (unsigned i = 0; i < world->port_count; i++) {
		vantage_point_fini(&world->ports[i]->point);
		free(world->ports[i]);
	}
	ground_truth_fini(&world->truth);
	exchange_fini(&world->exchange);
	free(world);
}

int sim_world_add_host_kind(struct sim_world *world, const struct sim_host_kind *kind,
			    struct bw_err *err)
{
	return profiles_add_kind(&world->truth.profiles, kind, err);
}

int sim_world_add_profile(struct sim_world *world, const struct sim_profile *profile,
			  struct bw_err *err)
{
	return profiles_add(&world->truth.profiles, profile, err);
}

int sim_world_add_router(struct sim_world *world, const struct sim_router *router,
			 struct bw_err *err)
{
	int number = paths_add_router(&world->truth.paths, router, err);
	uint32_t limit;

	if (number >= 0 && limits_add(&world->exchange.router_limits, 1, &limit) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	assert(number < 0 || limit == (uint32_t)number);
	return number;
}

int sim_world_add_path(struct sim_world *world, const struct sim_path *path, struct bw_err *err)
{
	return paths_add(&world->truth.paths, path, err);
}

int sim_world_add_network(struct sim_world *world, int path, struct bw_err *err)
{
	return paths_add_network(&world->truth.paths, path, err);
}

int sim_world_add_route_change(struct sim_world *world, const struct sim_route_change *change,
			       struct bw_err *err)
{
	return paths_add_change(&world->truth.paths, change, err);
}

int sim_world_add_blocks(struct sim_world *world, const struct bw_prefix *first, uint32_t count,
			 uint32_t network, uint16_t profile, struct bw_err *err)
{
	struct ground_truth *truth = &world->truth;
	struct block_range range = {.prefix = *first,
				    .count = count,
				    .network = network,
				    .profile = profile};
	const struct sim_profile *shared;
	int rc;

	if (network >= truth->paths.networks.count || profile >= truth->profiles.list.count)
		return bw_err_set(err, BW_ERR_MISSING, "no network %u or no profile %u", network,
				  profile);
	shared = profiles_at(&truth->profiles, profile);
	rc = blocks_check(first, count, shared, err);
	if (rc < 0)
		return rc;
	if (shared->limit_pps > 0 &&
	    limits_add(&world->exchange.block_limits, count, &range.first_limit) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return blocks_add(&truth->blocks, &range, err);
}

int sim_world_add_host(struct sim_world *world, const struct sim_host *host, struct bw_err *err)
{
	return hosts_add(&world->truth.hosts, host, err);
}

int sim_world_add_fault(struct sim_world *world, const struct sim_fault *fault, struct bw_err *err)
{
	return faults_add(&world->truth.faults, fault, err);
}

int sim_world_add_flap(struct sim_world *world, const struct sim_flap *flap, struct bw_err *err)
{
	return faults_add_flap(&world->truth.faults, flap, err);
}

int sim_world_add_move(struct sim_world *world, const struct sim_move *move, struct bw_err *err)
{
	return hosts_add_move(&world->truth.hosts, move, err);
}

int sim_world_add_vantage(struct sim_world *world, const struct sim_vantage *config,
			  struct bw_err *err)
{
	unsigned number = world->port_count;
	struct port *port;
	int rc;

	if (number == VANTAGES_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d vantages", VANTAGES_MAX);
	if (config->path >= (int)world->truth.paths.list.count)
		return bw_err_set(err, BW_ERR_MISSING, "no path %d", config->path);
	port = calloc(1, sizeof(*port));
	if (!port)
		return bw_err_set(err, -ENOMEM, "out of memory");
	rc = vantage_point_init(&port->point, number, world->truth.seed, config, err);
	if (rc < 0) {
		free(port);
		return rc;
	}
	port->world = world;
	world->ports[number] = port;
	world->truth.faults.vantages = ++world->port_count;
	return (int)number;
}

int sim_world_add_vantage_fault(struct sim_world *world, unsigned vantage,
				const struct sim_vantage_fault *fault, struct bw_err *err)
{
	if (vantage >= world->port_count)
		return bw_err_set(err, BW_ERR_MISSING, "no vantage %u", vantage);
	return vantage_point_add_fault(&world->ports[vantage]->point, fault, err);
}

int sim_world_add_spoofer(struct sim_world *world, const struct sim_spoofer *spoofer,
			  struct bw_err *err)
{
	struct bw_prefix prefix;

	if (spoofer->vantage >= world->port_count || spoofer->block >= world->truth.blocks.count)
		return bw_err_set(err, BW_ERR_MISSING, "a spoofer needs a vantage and a block");
	prefix = sim_world_prefix(world, spoofer->block);
	return spoofers_add(&world->spoofers, spoofer, &world->ports[spoofer->vantage]->point,
			    &prefix, world->truth.seed, err);
}

int sim_world_seal(struct sim_world *world, struct bw_err *err)
{
	int rc = ground_truth_seal(&world->truth, err);

	world->sealed = rc == 0;
	return rc;
}

static size_t send_batch(void *self, struct bw_tx *batch, size_t count)
{
	struct port *port = self;
	struct vantage_point *point = &port->point;
	struct sim_world *world = port->world;

	assert(world->sealed);
	for (size_t i = 0; i < count; i++) {
		int family = batch[i].dst.family;
		const struct sim_vantage_fault *error =
			vantage_point_fault(point, SIM_SEND_ERROR, family, world->now.ns);

		if (vantage_point_fault(point, SIM_SEND_BUSY, family, world->now.ns))
			return i;
		batch[i].sent = world->now;
		batch[i].status = error ? error->status : 0;
		if (error) {
			point->stats.send_errors++;
			continue;
		}
		point->stats.sent++;
		exchange_run(&world->exchange, point, world->now, &batch[i]);
	}
	return count;
}

static void read_stats(void *self, struct bw_transport_stats *ret_stats)
{
	const struct port *port = self;

	*ret_stats = port->point.stats;
}

static const struct bw_transport_ops transport_ops = {
	.send = send_batch,
	.stats = read_stats,
};

struct bw_transport sim_world_transport(struct sim_world *world, unsigned vantage)
{
	return (struct bw_transport){&transport_ops, world->ports[vantage]};
}

void sim_world_set_now(struct sim_world *world, struct bw_mono now)
{
	assert(world->sealed && now.ns >= world->now.ns);
	world->now = now;
}

struct bw_mono sim_world_next(const struct sim_world *world)
{
	return bw_mono_min(arrivals_next(&world->exchange.arrivals),
			   (struct bw_mono){world->spoofers.next_ns});
}

bool sim_world_take(struct sim_world *world, unsigned *ret_vantage, struct bw_rx *ret_rx)
{
	struct arrivals *arrivals = &world->exchange.arrivals;

	if (world->spoofers.next_ns <= world->now.ns)
		spoofers_forge(&world->spoofers, arrivals, world->now);
	while (arrivals_next(arrivals).ns <= world->now.ns) {
		const struct arrival *arrival = arrivals_take(arrivals);

		if (!vantage_point_admits(&world->ports[arrival->vantage]->point, arrival))
			continue;
		if (ret_vantage)
			*ret_vantage = arrival->vantage;
		*ret_rx = (struct bw_rx){.at = arrival->at,
					 .linktype = LINKTYPE_RAW,
					 .length = arrival->length,
					 .wire_length = arrival->length,
					 .bytes = arrival->bytes};
		return true;
	}
	return false;
}

struct bw_wall sim_world_wall(const struct sim_world *world, unsigned vantage, struct bw_mono at)
{
	int64_t offset = vantage_point_clock_offset(&world->ports[vantage]->point, at.ns);

	return (struct bw_wall){world->start.ns + at.ns + offset};
}

struct bw_mono sim_world_awake(const struct sim_world *world, unsigned vantage, struct bw_mono at)
{
	return vantage_point_awake(&world->ports[vantage]->point, at);
}

enum sim_truth sim_world_truth(const struct sim_world *world, uint32_t block, struct bw_mono at)
{
	return block_truth_at(&world->truth.faults, &world->truth.hosts, block, at.ns);
}

bool sim_world_is_up(const struct sim_world *world, uint32_t block, struct bw_mono at)
{
	enum sim_truth truth = sim_world_truth(world, block, at);

	return truth == SIM_TRUTH_UP || truth == SIM_TRUTH_EMPTY;
}

bool sim_world_outage(const struct sim_world *world, uint32_t block, struct bw_mono from,
		      struct sim_interval *ret_outage)
{
	return block_truth_outage(&world->truth.faults, block, from.ns, ret_outage);
}

bool sim_world_joint_outage(const struct sim_world *world, uint32_t first, uint32_t count,
			    struct bw_mono from, struct sim_interval *ret_outage)
{
	return block_truth_joint_outage(&world->truth.faults, first, count, from.ns, ret_outage);
}

bool sim_world_way_end(const struct sim_world *world, unsigned vantage, const struct bw_addr *addr,
		       struct bw_mono at, struct sim_way_end *ret_end)
{
	struct sim_way_query query = {vantage, world->ports[vantage]->point.config.path, *addr,
				      at.ns};

	return way_end_find(&world->truth, &query, ret_end);
}

int sim_world_find(const struct sim_world *world, const struct bw_addr *addr, uint32_t *ret_block)
{
	return blocks_find(&world->truth.blocks, addr, ret_block) ? 0 : BW_ERR_MISSING;
}

uint32_t sim_world_block_count(const struct sim_world *world)
{
	return world->truth.blocks.count;
}

struct bw_prefix sim_world_prefix(const struct sim_world *world, uint32_t block)
{
	return blocks_get(&world->truth.blocks, block).prefix;
}

uint32_t sim_world_network(const struct sim_world *world, uint32_t block)
{
	return blocks_get(&world->truth.blocks, block).range->network;
}

const struct paths *sim_world_paths(const struct sim_world *world)
{
	return &world->truth.paths;
}

uint32_t sim_world_hosts(const struct sim_world *world, uint32_t block, struct bw_mono at,
			 struct sim_host *hosts, uint32_t max)
{
	return hosts_list(&world->truth.hosts, block, at.ns, hosts, max);
}

bool sim_world_host_is_on(const struct sim_world *world, const struct bw_addr *addr,
			  struct bw_mono at)
{
	const struct ground_truth *truth = &world->truth;
	struct found_host host;
	struct sim_block block;
	uint32_t number;

	if (!blocks_find(&truth->blocks, addr, &number))
		return false;
	block = blocks_get(&truth->blocks, number);
	return hosts_find(&truth->hosts, &block, addr, at.ns, &host) &&
	       hosts_is_on(&truth->hosts, &host, at.ns, NULL);
}

double sim_world_availability(const struct sim_world *world, uint16_t kind)
{
	const struct sim_host_kind *k = profiles_kind(&world->truth.profiles, kind);

	return k->availability * (1 - k->miss);
}

void sim_world_fates(const struct sim_world *world, unsigned vantage,
		     uint64_t ret_counts[SIM_FATES])
{
	for (unsigned i = 0; i < SIM_FATES; i++)
		ret_counts[i] = world->ports[vantage]->point.fates[i];
}
