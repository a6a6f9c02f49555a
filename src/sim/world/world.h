/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_WORLD_WORLD_H
#define SIM_WORLD_WORLD_H

#include <blockwatch/transport.h>

#include "sim/packet/vantage_point.h"
#include "sim/topology/paths.h"
#include "sim/topology/profile.h"
#include "sim/truth/block_truth.h"
#include "sim/truth/faults.h"
#include "sim/truth/hosts.h"
#include "sim/truth/way_end.h"
#include "sim/world/spoofers.h"

/*
 * A simulated Internet in virtual time, behind the interface of a transport. Add its
 * parts, seal it, then drive it:
 *
 *     for (;;) {
 *             now = bw_mono_min(deadline of the vantage, sim_world_next(world));
 *             now = sim_world_awake(world, 0, now);
 *             sim_world_set_now(world, now);
 *             while (sim_world_take(world, NULL, &rx))
 *                     deliver rx;
 *             tick the vantage;
 *     }
 *
 * The same seed, the same parts and the same calls give the same bytes at the same
 * nanoseconds. The state of a block or a host at a time depends on the seed alone, not on
 * earlier probes, so different probers can be compared in worlds of one seed.
 *
 * Shares and chances are from 0 to 1, times in nanoseconds on the world's clock, intervals
 * half open: [start, end).
 */
struct sim_world;

struct sim_world_config {
	uint64_t seed;
	struct bw_wall start; /* the true wall time at mono 0 */
	uint32_t frames_max;  /* the most frames on their way at a time; 0: 2^20 */
};

/* Returns NULL when out of memory. */
struct sim_world *sim_world_new(const struct sim_world_config *config);
void sim_world_free(struct sim_world *world);

/*
 * Adding parts. Each function copies what it is given. It returns the number of the new
 * part (from 0 for each sort), or 0 where parts have no numbers; else -ENOMEM,
 * BW_ERR_VALUE (an impossible value; err says which), BW_ERR_LIMIT, BW_ERR_OVERLAP, or
 * BW_ERR_MISSING (a number that names nothing).
 */
int sim_world_add_host_kind(struct sim_world *world, const struct sim_host_kind *kind,
			    struct bw_err *err);
int sim_world_add_profile(struct sim_world *world, const struct sim_profile *profile,
			  struct bw_err *err);
int sim_world_add_router(struct sim_world *world, const struct sim_router *router,
			 struct bw_err *err);
int sim_world_add_path(struct sim_world *world, const struct sim_path *path, struct bw_err *err);

/* PATH leads to the network's blocks, behind the path of the vantage; -1: none. */
int sim_world_add_network(struct sim_world *world, int path, struct bw_err *err);

int sim_world_add_route_change(struct sim_world *world, const struct sim_route_change *change,
			       struct bw_err *err);

/*
 * Adds COUNT blocks that follow each other from FIRST on (IPv4 from /16 on). The hosts of
 * groups are among the first 2^16 (IPv6: 2^8) addresses of a block, but not at the first
 * (.0), the second (.1, the router's) and the last (.255) of these, unless there are only
 * one or two. Where blocks are nested the longer prefix has the addresses. Returns the
 * number of the first block. After BW_ERR_OVERLAP or -ENOMEM the world can only be freed.
 */
int sim_world_add_blocks(struct sim_world *world, const struct bw_prefix *first, uint32_t count,
			 uint32_t network, uint16_t profile, struct bw_err *err);

/* Adds a host to the block that has its address. No address may be added twice. */
int sim_world_add_host(struct sim_world *world, const struct sim_host *host, struct bw_err *err);

int sim_world_add_fault(struct sim_world *world, const struct sim_fault *fault, struct bw_err *err);

/* Adds the faults that make up a flap, and returns how many. */
int sim_world_add_flap(struct sim_world *world, const struct sim_flap *flap, struct bw_err *err);

int sim_world_add_move(struct sim_world *world, const struct sim_move *move, struct bw_err *err);
int sim_world_add_vantage(struct sim_world *world, const struct sim_vantage *vantage,
			  struct bw_err *err);
int sim_world_add_vantage_fault(struct sim_world *world, unsigned vantage,
				const struct sim_vantage_fault *fault, struct bw_err *err);
int sim_world_add_spoofer(struct sim_world *world, const struct sim_spoofer *spoofer,
			  struct bw_err *err);

/*
 * Ends the adding. Only a sealed world may be driven and queried. Returns 0, or
 * BW_ERR_OVERLAP for a host that was added twice.
 */
int sim_world_seal(struct sim_world *world, struct bw_err *err);

/* The transport of a vantage; valid as long as the world. It sends at the world's time. */
struct bw_transport sim_world_transport(struct sim_world *world, unsigned vantage);

/* Sets the world's time, which never goes back. */
void sim_world_set_now(struct sim_world *world, struct bw_mono now);

/* When the next frame is due, for any vantage; BW_NEVER: none is. */
struct bw_mono sim_world_next(const struct sim_world *world);

/*
 * Takes the first frame that is due. Its bytes are borrowed until the next call with the
 * world. ret_vantage, the receiver, may be NULL. Returns false for none.
 */
bool sim_world_take(struct sim_world *world, unsigned *ret_vantage, struct bw_rx *ret_rx);

/* What the wall clock of a vantage shows: the true time and its clock steps. */
struct bw_wall sim_world_wall(const struct sim_world *world, unsigned vantage, struct bw_mono at);

/*
 * The first time from AT on at which the machine of a vantage runs: AT, or the end of its
 * suspension. Monotonic time goes on meanwhile, as in a virtual machine that was paused.
 */
struct bw_mono sim_world_awake(const struct sim_world *world, unsigned vantage, struct bw_mono at);

/* The ground truth about a block (truth/block_truth.h). */
enum sim_truth sim_world_truth(const struct sim_world *world, uint32_t block, struct bw_mono at);

/* Whether a block is neither dark nor filtered; an empty block is up. */
bool sim_world_is_up(const struct sim_world *world, uint32_t block, struct bw_mono at);

/*
 * Finds the first outage of a block that ends after FROM, in full length. Returns false
 * for none.
 */
bool sim_world_outage(const struct sim_world *world, uint32_t block, struct bw_mono from,
		      struct sim_interval *ret_outage);

/* The same for COUNT blocks from number FIRST on: the time in which all are dark. */
bool sim_world_joint_outage(const struct sim_world *world, uint32_t first, uint32_t count,
			    struct bw_mono from, struct sim_interval *ret_outage);

/*
 * Finds where the way of a vantage to an address ends at a time (truth/way_end.h). Returns false
 * when no block has the address, or one beside the vantage has.
 */
bool sim_world_way_end(const struct sim_world *world, unsigned vantage, const struct bw_addr *addr,
		       struct bw_mono at, struct sim_way_end *ret_end);

/* Finds the block that has an address. Returns 0 or BW_ERR_MISSING. */
int sim_world_find(const struct sim_world *world, const struct bw_addr *addr, uint32_t *ret_block);
uint32_t sim_world_block_count(const struct sim_world *world);
struct bw_prefix sim_world_prefix(const struct sim_world *world, uint32_t block);
uint32_t sim_world_network(const struct sim_world *world, uint32_t block);

/* The routers and the paths of the networks, borrowed (topology/paths.h). */
const struct paths *sim_world_paths(const struct sim_world *world);

/*
 * Lists the hosts of a block at AT, on or off, ascending by address. Fills HOSTS up to
 * MAX; returns how many there are.
 */
uint32_t sim_world_hosts(const struct sim_world *world, uint32_t block, struct bw_mono at,
			 struct sim_host *hosts, uint32_t max);

/* Whether a host at ADDR is on at AT. Faults do not count. */
bool sim_world_host_is_on(const struct sim_world *world, const struct bw_addr *addr,
			  struct bw_mono at);

/* The share of probes that the hosts of a kind, which exists, answer while they do not rest. */
double sim_world_availability(const struct sim_world *world, uint16_t kind);

/* The counts of a vantage's packets since the world began. */
void sim_world_fates(const struct sim_world *world, unsigned vantage,
		     uint64_t ret_counts[SIM_FATES]);

#endif
