/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_WORLD_INSIDE_H
#define SIM_WORLD_INSIDE_H

#include "base/rng.h"
#include "sim/packet/arrivals.h"
#include "sim/packet/request.h"
#include "base/lpm.h"
#include "base/array.h"
#include "sim/world/world.h"

/*
 * What the parts of a world share. Below: the state, then what each part
 * offers the others (truth, fault, path, line, exchange, vantage), one section
 * a file.
 */

#define NO_PATH UINT16_MAX
#define VANTAGES_MAX 16
#define MOVES_MAX 1024
#define SPOOFERS_MAX 64

/*
 * A token bucket as one number: when it will be full again, less a token (the
 * generic cell rate algorithm, ITU-T I.371). 0: full.
 */
struct bucket {
	int64_t due_ns;
};

/* Takes a token, if there is one. A burst below 1 is 1. */
bool bucket_take(struct bucket *bucket, double rate_pps, double burst, int64_t at_ns);

/*
 * Blocks that follow each other in number and address. Nothing is kept of a single
 * one: where it lies is counted from the first, and what befalls it is searched for.
 */
struct tract {
	struct bw_prefix prefix; /* of the first */
	uint32_t first, count;
	uint32_t network;
	uint32_t first_bucket; /* of their answers; where these are limited */
	uint16_t profile;
};

struct network {
	uint16_t path;
};

/* A block, found. */
struct site {
	uint32_t block;
	const struct tract *tract;
	struct bw_prefix prefix;
};

struct own_host {
	uint32_t block;
	struct sim_host host;
};

/* A fault, small; what is seldom said of one is in a table of details. */
struct fault {
	int64_t start_ns, end_ns;
	int64_t reach_ns; /* the latest end of this and those before it in its list */
	uint32_t subject;
	uint16_t detail;
	uint8_t scope, kind;
};

struct fault_detail {
	int router;
	uint16_t vantages;
	struct bw_prefix part;
	struct sim_loss loss;
	int64_t delay_ns;
};

struct router {
	struct sim_router config;
	struct bucket bucket; /* of its ICMP errors */
};

struct vantage {
	struct sim_world *world; /* so that a vantage is a transport's self */
	unsigned number;
	struct sim_vantage config;
	struct rng luck;
	struct array faults;               /* struct sim_vantage_fault, by start */
	int64_t calm_from_ns, calm_to_ns; /* no fault is in effect */
	struct bw_transport_stats stats;
	uint64_t fates[SIM_FATES];
};

struct spoofer {
	struct sim_spoofer config;
	struct rng luck;
	int64_t next_ns; /* INT64_MAX: never again */
};

struct sim_world {
	struct sim_world_config config;
	uint64_t seed; /* mixed */
	bool sealed;
	struct bw_mono now;
	struct array kinds;     /* struct sim_host_kind */
	struct array profiles;  /* struct sim_profile */
	struct array routers;   /* struct router */
	struct array paths;     /* struct sim_path */
	struct array networks;  /* struct network */
	struct array tracts;    /* struct tract */
	struct array buckets;   /* struct bucket, of blocks whose answers are limited */
	struct array hosts;     /* struct own_host; sealed: by block and address */
	struct array faults;    /* struct fault; sealed: by scope, subject and start */
	struct array details;   /* struct fault_detail; the first is the default */
	struct array moves;     /* struct sim_move */
	uint32_t block_count;
	struct lpm lpm;
	struct arrivals arrivals;
	unsigned vantage_count, spoofer_count;
	struct vantage *vantages[VANTAGES_MAX];
	struct spoofer spoofers[SPOOFERS_MAX];
	int64_t spoof_next_ns; /* the earliest of all */
};

static inline struct sim_host_kind *world_kind(const struct sim_world *world, uint32_t n)
{
	return (struct sim_host_kind *)array_at(&world->kinds, n);
}
static inline struct sim_profile *world_profile(const struct sim_world *world, uint32_t n)
{
	return (struct sim_profile *)array_at(&world->profiles, n);
}
static inline struct router *world_router(const struct sim_world *world, uint32_t n)
{
	return (struct router *)array_at(&world->routers, n);
}
static inline struct network *world_network(const struct sim_world *world, uint32_t n)
{
	return (struct network *)array_at(&world->networks, n);
}
static inline struct tract *world_tract(const struct sim_world *world, uint32_t n)
{
	return (struct tract *)array_at(&world->tracts, n);
}
static inline struct own_host *world_own_host(const struct sim_world *world, uint32_t n)
{
	return (struct own_host *)array_at(&world->hosts, n);
}
static inline struct fault *world_fault(const struct sim_world *world, uint32_t n)
{
	return (struct fault *)array_at(&world->faults, n);
}
static inline struct fault_detail *world_detail(const struct sim_world *world, uint32_t n)
{
	return (struct fault_detail *)array_at(&world->details, n);
}
static inline struct sim_move *world_move(const struct sim_world *world, uint32_t n)
{
	return (struct sim_move *)array_at(&world->moves, n);
}
/* NULL for NO_PATH. */
static inline const struct sim_path *world_path(const struct sim_world *world, uint16_t n)
{
	return n == NO_PATH ? NULL : (const struct sim_path *)array_at(&world->paths, n);
}

/* site.c: where blocks are. */

/* The prefix N places after this one; it wraps round as addresses do. */
struct bw_prefix site_prefix_after(const struct bw_prefix *first, uint32_t n);

/* BLOCK is one of the world's. */
struct site site_of(const struct sim_world *world, uint32_t block);

/* The bucket of a block's answers; its profile limits them. */
struct bucket *site_bucket(const struct sim_world *world, const struct site *site);

/* truth.c: which hosts there are and whether they are on. */

/* A host found at an address; key is its own for all that is hashed. */
struct found_host {
	const struct sim_host_kind *kind;
	uint64_t key;
};

uint64_t truth_block_key(const struct sim_world *world, uint32_t block);

/* How many addresses of a block of this prefix may be hosts of groups, and from which offset on. */
uint32_t truth_room(const struct bw_prefix *prefix, uint32_t *ret_first);

bool truth_find_host(const struct sim_world *world, const struct site *site,
		     const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host);

/* Whether a block has hosts with an address of their own. */
bool truth_has_own_hosts(const struct sim_world *world, uint32_t block);

/* For hosts with tau_ns 0, which have no truth of their own, luck decides; NULL: they are on. */
bool truth_host_is_on(const struct sim_world *world, const struct found_host *host, int64_t at_ns,
		      struct rng *luck);

/* path.c: the routers between a vantage and a block. */
struct way {
	const struct sim_path *near, *far; /* of the vantage, of the network; or NULL */
	unsigned near_count, count;        /* hops; they are numbered from 1 */
};

/* As far as a vantage's own path goes; to a network. */
struct way path_near(const struct sim_world *world, const struct vantage *vantage);
struct way path_way(const struct sim_world *world, const struct vantage *vantage, uint32_t network);

/* The router that a flow meets at a hop (from 1 to count). */
uint16_t path_router(const struct way *way, unsigned hop, uint32_t flow);

/* At which hop of a way (of a path) a router is; 0: not on it. */
unsigned path_hop_of(const struct way *way, uint32_t router);
bool path_has(const struct sim_path *path, uint32_t router);

/* fault.c: what is wrong on the way. */
struct trouble {
	bool ends;    /* the way ends behind hop ... */
	unsigned hop; /* ... 0: at the vantage */
	enum sim_fault_kind kind;
	struct sim_loss loss;
	int64_t delay_ns;
};

/* All that is wrong between a vantage and an address at a time. */
struct trouble fault_trouble(const struct sim_world *world, const struct vantage *vantage,
			     const struct way *way, const struct site *site,
			     const struct bw_addr *addr, int64_t at_ns);

/* Sorts the faults. */
void fault_seal(struct sim_world *world);

/* line.c: loss and delay. */
bool line_loses_out(const struct sim_line *line, uint64_t key, int64_t at_ns, struct rng *luck);
bool line_loses_back(const struct sim_line *line, uint64_t key, int64_t at_ns, struct rng *luck);
int64_t line_round_trip(const struct sim_delay *delay, uint64_t block_key, uint64_t host_key,
			struct rng *luck);

/* exchange.c: one probe, from leaving to the queueing of what answers it. */
void exchange_run(struct vantage *vantage, const uint8_t *bytes, uint16_t length);

/* mischief.c: answers that are copied, delayed, replayed, changed or forged. */

/* Queues an answer after what may happen to it. */
void mischief_queue(struct vantage *vantage, const struct sim_mischief *mischief,
		    struct arrival *arrival);

/* Queues the forged answers that are due by the world's now. */
void mischief_forge(struct sim_world *world);

/* vantage.c: a vantage's own troubles. */

/* The fault of a kind in effect at a time, or NULL. */
const struct sim_vantage_fault *vantage_fault(struct vantage *vantage,
					      enum sim_vantage_fault_kind kind, int64_t at_ns);

/* Whether a frame that arrives gets through; counts it. */
bool vantage_admits(struct vantage *vantage, const struct arrival *arrival);

extern const struct bw_transport_ops vantage_transport_ops;

#endif
