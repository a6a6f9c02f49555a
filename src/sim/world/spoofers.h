/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_WORLD_SPOOFERS_H
#define SIM_WORLD_SPOOFERS_H

#include <blockwatch/prefix.h>

#include "base/rng.h"
#include "sim/packet/arrivals.h"
#include "sim/packet/vantage_point.h"

/* Spoofers: they send forged answers from the addresses of a block to a vantage. */

struct sim_spoofer {
	unsigned vantage; /* the receiver */
	uint32_t block;
	struct bw_mono start, end;
	double rate_pps;
};

#define SPOOFERS_MAX 64

struct spoofer {
	struct bw_prefix prefix; /* of its block */
	struct vantage_point *to;
	struct bw_mono end;
	double rate_pps;
	struct rng rng;
	int64_t next_ns; /* of the next forged answer; INT64_MAX: never again */
};

struct spoofers {
	struct spoofer list[SPOOFERS_MAX];
	unsigned count;
	int64_t next_ns; /* the earliest of all */
};

void spoofers_init(struct spoofers *spoofers);

/*
 * Adds a spoofer. TO and PREFIX are the vantage and block of CONFIG, TO is borrowed; SEED
 * is that of the world. Returns 0, BW_ERR_VALUE or BW_ERR_LIMIT.
 */
int spoofers_add(struct spoofers *spoofers, const struct sim_spoofer *config,
		 struct vantage_point *to, const struct bw_prefix *prefix, uint64_t seed,
		 struct bw_err *err);

/* Queues the forged answers that are due by NOW. */
void spoofers_forge(struct spoofers *spoofers, struct arrivals *arrivals, struct bw_mono now);

#endif
