/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_WORLD_WORLD_H
#define SIM_WORLD_WORLD_H

#include <blockwatch/transport.h>

#include "sim/topology/model.h"

/*
 * A simulated Internet in virtual time, behind the interface of a transport.
 * Build it with the _add_ functions, seal it, then drive it:
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
 * The same seed, the same building and the same calls give the same bytes at
 * the same nanoseconds. What is true of a block or a host at a time depends on
 * the seed alone, not on who asked before: worlds of one seed can be compared
 * under different probers.
 */
struct sim_world;

struct sim_world_config {
	uint64_t seed;
	struct bw_wall start; /* the true wall time at mono 0 */
	uint32_t frames_max;  /* frames under way at most; 0: 2^20 */
};

/* NULL: out of memory. */
struct sim_world *sim_world_new(const struct sim_world_config *config);
void sim_world_free(struct sim_world *world);

/*
 * Building. Each returns the number of what was added (from 0 for each sort),
 * or 0 where nothing is numbered, or -ENOMEM, BW_ERR_VALUE (an impossible
 * value; err says which), BW_ERR_LIMIT, BW_ERR_OVERLAP, BW_ERR_MISSING (a
 * number that names nothing). They copy what they are given.
 */
int sim_world_add_host_kind(struct sim_world *world, const struct sim_host_kind *kind,
			    struct bw_err *err);
int sim_world_add_profile(struct sim_world *world, const struct sim_profile *profile,
			  struct bw_err *err);
int sim_world_add_router(struct sim_world *world, const struct sim_router *router,
			 struct bw_err *err);
int sim_world_add_path(struct sim_world *world, const struct sim_path *path, struct bw_err *err);

/* A network; PATH is the way to its blocks, behind that of the vantage; -1: none. */
int sim_world_add_network(struct sim_world *world, int path, struct bw_err *err);

/*
 * COUNT blocks that follow each other, the first one given (IPv4 from /16 on).
 * Hosts of groups are among its first 2^16 (IPv6: 2^8) addresses, but not at
 * the first (.0), the second (.1, the router's) and the last (.255) of these,
 * unless there are only one or two. Where blocks lie inside each other the
 * longer prefix has the addresses. Returns the number of the first. A world in
 * which this failed with BW_ERR_OVERLAP or -ENOMEM can only be freed.
 */
int sim_world_add_blocks(struct sim_world *world, const struct bw_prefix *first, uint32_t count,
			 uint32_t network, uint16_t profile, struct bw_err *err);

/* To the block that has its address; no address twice. */
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
 * Ends the building: nothing may be added any more, and only now may it be
 * driven and asked. Returns 0, or BW_ERR_OVERLAP for a host that was added
 * twice.
 */
int sim_world_seal(struct sim_world *world, struct bw_err *err);

/* Driving. */

/* The transport of a vantage; valid as long as the world. It sends at the world's now. */
struct bw_transport sim_world_transport(struct sim_world *world, unsigned vantage);

/* Time goes on to NOW, and never back. */
void sim_world_set_now(struct sim_world *world, struct bw_mono now);

/* When the next frame is due, for any vantage; BW_NEVER: none is. */
struct bw_mono sim_world_next(const struct sim_world *world);

/*
 * Hands out the first frame that is due by now: to whom (ret_vantage may be
 * NULL) and its bytes, borrowed until the world is called again. False: none.
 */
bool sim_world_take(struct sim_world *world, unsigned *ret_vantage, struct bw_rx *ret_rx);

/* What the wall clock of a vantage shows: the true time and its clock steps. */
struct bw_wall sim_world_wall(const struct sim_world *world, unsigned vantage, struct bw_mono at);

/*
 * The first time from AT on at which the vantage runs: AT, or the end of the
 * sleep. Monotonic time goes on meanwhile, as in a virtual machine that was paused.
 */
struct bw_mono sim_world_awake(const struct sim_world *world, unsigned vantage, struct bw_mono at);

/* The truth. */
#define SIM_TRUTH_LIST(X)                                                                       \
	X(SIM_TRUTH_UP, "up")                                                                   \
	X(SIM_TRUTH_DARK, "dark")         /* no way to any of its addresses, for any vantage */ \
	X(SIM_TRUTH_FILTERED, "filtered") /* the same, but a router says: prohibited */         \
	X(SIM_TRUTH_EMPTY, "empty")       /* in order, but it has no hosts (any more) */

enum sim_truth {
#define X(name, text) name,
	SIM_TRUTH_LIST(X)
#undef X
};

struct sim_interval {
	struct bw_mono start, end;
};

const char *sim_truth_name(enum sim_truth truth);
enum sim_truth sim_world_truth(const struct sim_world *world, uint32_t block, struct bw_mono at);

/* Not dark and not filtered; an empty block is up. */
bool sim_world_is_up(const struct sim_world *world, uint32_t block, struct bw_mono at);

/*
 * The first outage of a block that ends after FROM, whole: what touches or
 * overlaps is one. False: none.
 */
bool sim_world_outage(const struct sim_world *world, uint32_t block, struct bw_mono from,
		      struct sim_interval *ret_outage);

/* The block that has an address. 0 or BW_ERR_MISSING. */
int sim_world_find(const struct sim_world *world, const struct bw_addr *addr, uint32_t *ret_block);
uint32_t sim_world_block_count(const struct sim_world *world);
struct bw_prefix sim_world_prefix(const struct sim_world *world, uint32_t block);
uint32_t sim_world_network(const struct sim_world *world, uint32_t block);

/*
 * The hosts that a block has at AT, ascending by address, on or off: fills up
 * to max, returns how many there are.
 */
uint32_t sim_world_hosts(const struct sim_world *world, uint32_t block, struct bw_mono at,
			 struct sim_host *hosts, uint32_t max);

/* Whether there is a host at ADDR that is on at AT, faults aside. */
bool sim_world_host_is_on(const struct sim_world *world, const struct bw_addr *addr,
			  struct bw_mono at);

/* What became of the packets; of each probe exactly one is counted, up to FATE_ANSWERED. */
#define SIM_FATE_LIST(X)                                                            \
	X(SIM_FATE_MALFORMED, "malformed") /* no probe that a kernel would take */  \
	X(SIM_FATE_STRAY, "stray")         /* not from an address of the vantage */ \
	X(SIM_FATE_CUT, "cut")             /* the vantage's own network was gone */ \
	X(SIM_FATE_LOST_OUT, "lost-out")                                            \
	X(SIM_FATE_EXPIRED, "expired")   /* its TTL ended on the way */             \
	X(SIM_FATE_UNROUTED, "unrouted") /* no block has the address */             \
	X(SIM_FATE_FAULT, "fault")       /* met a fault that ends the way */        \
	X(SIM_FATE_NO_HOST, "no-host")                                              \
	X(SIM_FATE_OFF, "off")           /* the host was off, or missed it */       \
	X(SIM_FATE_FILTERED, "filtered") /* the host does not answer this */        \
	X(SIM_FATE_LIMITED, "limited")   /* the block's answers were rationed */    \
	X(SIM_FATE_LOST_BACK, "lost-back")                                          \
	X(SIM_FATE_ANSWERED, "answered")                                            \
	X(SIM_FATE_COPIES, "copies") /* beside the probes: duplicates */            \
	X(SIM_FATE_LATE, "late")                                                    \
	X(SIM_FATE_REPLAYED, "replayed")                                            \
	X(SIM_FATE_ALIASED, "aliased")                                              \
	X(SIM_FATE_CORRUPTED, "corrupted")                                          \
	X(SIM_FATE_FORGED, "forged")                                                \
	X(SIM_FATE_OVERFLOW, "overflow") /* frames_max was reached */

enum sim_fate {
#define X(name, text) name,
	SIM_FATE_LIST(X)
#undef X
		SIM_FATES
};

const char *sim_fate_name(enum sim_fate fate);

/* Counts of one vantage since the world began. */
void sim_world_fates(const struct sim_world *world, unsigned vantage,
		     uint64_t ret_counts[SIM_FATES]);

#endif
