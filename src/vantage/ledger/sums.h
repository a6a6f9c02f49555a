/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_SUMS_H
#define VANTAGE_LEDGER_SUMS_H

#include "infer/block.h"
#include "infer/group.h"
#include "infer/usual_sum.h"
#include "vantage/ledger/block/outages.h"
#include "vantage/roster.h"

/* An event of a sum that can still be withdrawn. */
struct sum_step {
	uint64_t seq;
	enum bw_verdict from;
	struct bw_mono since; /* of `from` */
	bool disproved;       /* the change of the block that made it was withdrawn */
};

#define SUM_STEPS 4 /* up, partly dark, dark, and one more */

/*
 * A network or a target: the sum of its blocks, and what was last said of it. `verdict` is
 * what was said, so it may lag behind the group while an event is being made.
 */
struct sum {
	struct group group;
	enum bw_verdict verdict;
	enum bw_verdict told; /* by its last event; unknown: there was none */
	struct bw_mono since, told_since;
	struct sum_step steps[SUM_STEPS]; /* its last events, the newest last */
	unsigned step_count;
	struct outage outage;
	struct usual_sum usual;
	uint32_t usual_s; /* when the last round of `usual` ended; 0: never */
	uint64_t round; /* of a target: how many of its rounds have ended */
};

/* All networks and targets of a roster, by number. */
struct sums {
	struct sum *networks, *targets;
};

/* All blocks are unknown since NOW. 0 or -ENOMEM. */
int sums_init(struct sums *sums, const struct roster *roster, struct bw_now now);
void sums_fini(struct sums *sums);

/* What a block counts as in its network. */
struct sums_member {
	enum bw_verdict verdict;
	unsigned reasons; /* of unknown: as group_add() takes them */
};

/* BLOCK as it stands. TOLD: by its last event. */
struct sums_member sums_member(const struct block *block, enum bw_verdict told);

/*
 * Block NUMBER counted as WAS and counts as IS. Changes the group of its network only:
 * sums_recount_network() follows.
 */
void sums_recount_block(struct sums *sums, const struct roster *roster, uint32_t number,
			const struct sums_member *was, const struct sums_member *is);

/* The same for a network in its target; WAS: its group before. */
void sums_recount_network(struct sums *sums, const struct roster *roster, uint32_t network,
			  const struct group *was);

/*
 * A verdict was put in place at start-up: the block, which counted as unknown, counts as IS. Its
 * network and target take the verdict that follows, without an event.
 */
void sums_restore(struct sums *sums, const struct roster *roster, uint32_t number,
		  const struct sums_member *is);

#endif
