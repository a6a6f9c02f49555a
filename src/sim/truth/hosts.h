/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TRUTH_HOSTS_H
#define SIM_TRUTH_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

#include "base/array.h"
#include "base/rng.h"
#include "sim/topology/blocks.h"
#include "sim/topology/profile.h"

/*
 * Which hosts there are and whether they are on, as a function of seed and time.
 * Hosts come from the groups of a block's profile, from a list of hosts with given
 * addresses, and from moves. All times are nanoseconds on the world's clock.
 */

/* A host at a given address. */
struct sim_host {
	struct bw_addr addr;
	uint16_t kind;
};

/*
 * Hosts that move to another block, as when a provider renumbers. In [start, end) a
 * share of the hosts of `from` is absent there and answers in `to` at the same offset,
 * unless a host of `to` has that address.
 */
struct sim_move {
	uint32_t from, to;
	struct bw_mono start, end;
	double share;
};

struct hosts {
	uint64_t seed;
	int64_t start_ns; /* wall time at time 0 */
	const struct blocks *blocks;
	const struct profiles *profiles;
	struct array listed; /* struct listed_host; sealed: by block and address */
	struct array moves;  /* struct sim_move */
};

/* A host that was found at an address. Its key is the part of all its hashes. */
struct found_host {
	const struct sim_host_kind *kind;
	uint64_t key;
};

/* BLOCKS and PROFILES are borrowed. START_NS is the wall time at time 0. */
void hosts_init(struct hosts *hosts, uint64_t seed, int64_t start_ns, const struct blocks *blocks,
		const struct profiles *profiles);
void hosts_fini(struct hosts *hosts);

/* Lists a host. Returns 0, -ENOMEM, or BW_ERR_MISSING (no such kind, no block there). */
int hosts_add(struct hosts *hosts, const struct sim_host *host, struct bw_err *err);

/* Returns the number of the move, or -ENOMEM, BW_ERR_VALUE, BW_ERR_MISSING or BW_ERR_LIMIT. */
int hosts_add_move(struct hosts *hosts, const struct sim_move *move, struct bw_err *err);

/* Ends the adding. Returns 0, or BW_ERR_OVERLAP for an address that is listed twice. */
int hosts_seal(struct hosts *hosts, struct bw_err *err);

/* The key of a block, for everything that is hashed per block. */
uint64_t hosts_block_key(const struct hosts *hosts, uint32_t block);

/* Finds the host at an address of a block. Returns false for an empty address. */
bool hosts_find(const struct hosts *hosts, const struct sim_block *block,
		const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host);

/*
 * Whether a host is on. A host whose kind has tau_ns 0 has no state of its own: RNG
 * decides; with RNG NULL it is on.
 */
bool hosts_is_on(const struct hosts *hosts, const struct found_host *host, int64_t at_ns,
		 struct rng *rng);

/* Whether a block has no hosts: none of its own, and none that moved in. */
bool hosts_is_empty(const struct hosts *hosts, const struct sim_block *block, int64_t at_ns);

/*
 * Lists the hosts of a block, on or off, ascending by address. Fills LIST up to MAX;
 * returns how many there are.
 */
uint32_t hosts_list(const struct hosts *hosts, uint32_t block, int64_t at_ns, struct sim_host *list,
		    uint32_t max);

#endif
