/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_WORLD_EXCHANGE_H
#define SIM_WORLD_EXCHANGE_H

#include "sim/packet/arrivals.h"
#include "sim/packet/limits.h"
#include "sim/packet/vantage_point.h"
#include "sim/truth/ground_truth.h"

/*
 * The exchange of packets between vantages and hosts: the frames on their way and the
 * rate limits. This is all that probing changes in a world.
 */
struct exchange {
	const struct ground_truth *truth;
	struct limits router_limits; /* by number of the router */
	struct limits block_limits;  /* by blocks_limit() */
	struct arrivals arrivals;
};

/* TRUTH is borrowed. At most FRAMES_MAX frames are on their way at a time. */
void exchange_init(struct exchange *exchange, const struct ground_truth *truth,
		   uint32_t frames_max);
void exchange_fini(struct exchange *exchange);

/*
 * Takes one probe of a vantage, sent at NOW, and queues what answers it. Counts the
 * probe's fate at the vantage.
 */
void exchange_run(struct exchange *exchange, struct vantage_point *point, struct bw_mono now,
		  const struct bw_tx *tx);

#endif
