/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_SCHEDULE_H
#define VANTAGE_WATCH_SCHEDULE_SCHEDULE_H

#include "base/permutation.h"
#include "base/rng.h"
#include "base/wheel.h"
#include "vantage/watch/round/round_table.h"
#include "vantage/watch/schedule/allowance.h"

/*
 * When the rounds of blocks and targets are due in a recurring watch. The schedule arms the
 * wheel. Its owner expires the wheel, asks schedule_begins() and begins the round. In the wheel
 * a block has its number in the roster, and target T has the number block_count + T.
 */
struct schedule_target {
	struct bw_mono urged; /* when schedule_urge_siblings() last acted on its blocks */
	uint32_t placed;      /* blocks that have their place in a round; further ones begin anew */
};

struct schedule {
	struct ledger *ledger;       /* borrowed, as all below */
	struct allowance *allowance; /* has plans */
	struct wheel *wheel;
	struct rng *rng;
	struct permutation order; /* of the blocks in their first round */
	struct schedule_target *targets;
};

/*
 * Copies the pointers and the order from BORROWED, whose `targets` are not used. Nothing is
 * armed before schedule_spread(). Returns 0 or -ENOMEM.
 */
int schedule_init(struct schedule *schedule, const struct schedule *borrowed);
void schedule_fini(struct schedule *schedule);

/*
 * Arms all blocks anew, those of a target at equal distances over one round, and all targets a
 * round from now. Called at the start and after a gap, so that no burst of probes follows. No
 * round is under way.
 */
void schedule_spread(struct schedule *schedule);

/* The same for the blocks of one way out. Rounds of targets and of other blocks go on. */
void schedule_spread_way(struct schedule *schedule, unsigned way);

/* A block has its next round at any time within the next round. */
void schedule_anew(struct schedule *schedule, uint32_t block);

/*
 * A block without a round is due. Returns true when its round begins now. Otherwise the block
 * is armed again, because it waits for its hour, for room in the round table (HAS_ROOM), or
 * while the vantage is blind. When that wait is half a round or longer, a record of the block
 * without probes is put out.
 */
bool schedule_begins(struct schedule *schedule, uint32_t block, bool has_room);

/*
 * The round of a block has ended: arms the next, at the block's next slot with a jitter of 10 %
 * of the distance of slots. A block has one slot a round; four when it is suspect, two when it
 * is down. A slot less than half that distance away is left out.
 */
void schedule_next(struct schedule *schedule, uint32_t block);

/* The round of a target has ended: arms the next, a round from now. */
void schedule_next_target(struct schedule *schedule, uint32_t target);

/* Makes a block due at once and urgent. Returns false when its hour has no probes for that. */
bool schedule_urge(struct schedule *schedule, uint32_t block);

/*
 * The block looks dark: urges its siblings that are not down and have no round under way
 * (ROUNDS). Does nothing when this was called for the same target less than confirm_ns of its
 * plan ago.
 */
void schedule_urge_siblings(struct schedule *schedule, uint32_t block,
			    const struct round_table *rounds);

#endif
