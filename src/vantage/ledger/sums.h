/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_SUMS_H
#define VANTAGE_LEDGER_SUMS_H

#include "infer/block.h"
#include "infer/group.h"
#include "vantage/ledger/block/outages.h"
#include "vantage/roster.h"

/*
 * A network or a target: the sum of its blocks, and what was last said of it. `verdict` is
 * what was said, so it may lag behind the group while an event is being made.
 */
struct sum {
	struct group group;
	enum bw_verdict verdict;
	enum bw_verdict told; /* by its last event; unknown: there was none */
	struct bw_mono since;
	struct outage outage;
	uint64_t round; /* of a target: how many of its rounds have ended */
};

/* All networks and targets of a roster, by number. */
struct sums {
	struct sum *networks, *targets;
};

/* All blocks are unknown since NOW. 0 or -ENOMEM. */
int sums_init(struct sums *sums, const struct roster *roster, struct bw_now now);
void sums_fini(struct sums *sums);

/*
 * Block NUMBER counted as FROM, with these reasons of unknown, and counts as BLOCK stands now.
 * Changes the group of its network only: sums_recount_network() follows when the network's
 * verdict has been written.
 */
void sums_recount_block(struct sums *sums, const struct roster *roster, uint32_t number,
			enum bw_verdict from, unsigned from_reasons, const struct block *block);

/* The same for a network in its target; REASONS: those of the network before. */
void sums_recount_network(struct sums *sums, const struct roster *roster, uint32_t network,
			  enum bw_verdict from, unsigned from_reasons);

/*
 * A verdict was put in place at start-up: the block, which counted as unknown, counts as
 * BLOCK stands. Its network and target take the verdict that follows, without an event.
 */
void sums_restore(struct sums *sums, const struct roster *roster, uint32_t number,
		  const struct block *block);

#endif
