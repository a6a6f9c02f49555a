/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_SCHEDULE_H
#define VANTAGE_WATCH_SCHEDULE_SCHEDULE_H

#include "base/permutation.h"
#include "base/rng.h"
#include "base/wheel.h"
#include "vantage/watch/round/round_table.h"
#include "vantage/watch/schedule/allowance.h"

/*
 * When blocks and targets are due, while they are watched for long. The schedule arms the
 * wheel; whoever expires it asks schedule_begins() and begins the round. The number of a
 * block in the wheel is that of the roster; targets follow behind the blocks.
 */
struct schedule_target {
	struct bw_mono urged; /* when its blocks were last made due at once */
	uint32_t placed;      /* while rounds are spread: blocks that have their place */
};

struct schedule {
	struct ledger *ledger;       /* borrowed, as all below */
	struct allowance *allowance; /* with plans */
	struct wheel *wheel;
	struct rng *rng;
	struct permutation order; /* of the blocks in their first round */
	struct schedule_target *targets;
};

/* Nothing is due before schedule_spread(). 0 or -ENOMEM. */
int schedule_init(struct schedule *schedule, const struct schedule *borrowed);
void schedule_fini(struct schedule *schedule);

/*
 * Spreads the rounds of all blocks and targets anew over one round: at the start and after a
 * gap, so that no storm of probes follows. No round is under way.
 */
void schedule_spread(struct schedule *schedule);

/*
 * A block without a round is due. True: its round begins now. False: it waits for its hour or
 * for room (HAS_ROOM), and is armed again; if the wait takes the place of a round, the block
 * has its record now.
 */
bool schedule_begins(struct schedule *schedule, uint32_t block, bool has_room);

/* The round of a block has ended: arms the next. */
void schedule_next(struct schedule *schedule, uint32_t block);

/* The round of a target has ended: arms the next. */
void schedule_next_target(struct schedule *schedule, uint32_t target);

/* A round at once, if the hour has room for it. False: it has not. */
bool schedule_urge(struct schedule *schedule, uint32_t block);

/*
 * The block looks dark: its siblings that are not down have a round at once, but those of one
 * target no more than once in confirm_ns. ROUNDS: those that are under way.
 */
void schedule_urge_siblings(struct schedule *schedule, uint32_t block,
			    const struct round_table *rounds);

#endif
