/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_ALLOWANCE_H
#define VANTAGE_WATCH_SCHEDULE_ALLOWANCE_H

#include "probe/budget.h"
#include "vantage/ledger/ledger.h"
#include "vantage/watch/schedule/plan.h"

/*
 * How many probes a block may have. Two budgets (probe/budget.h) hold together: the pace, one
 * a second in bursts of 20, that nothing exceeds; and, with plans, the hour of the block's
 * target, of which up to 40 probes are saved up. What is saved up is kept for what matters
 * more: each question below has a reserve of its own.
 */
struct allowance {
	struct ledger *ledger; /* whose tracks say what was spent; borrowed */
	const struct vantage_plan
		*plans; /* one for each target, borrowed; NULL: no hour (a check) */
	struct budget pace;
	struct budget *hourly; /* of each target; NULL without plans */
};

/* 0 or -ENOMEM. */
int allowance_init(struct allowance *allowance, struct ledger *ledger,
		   const struct vantage_plan *plans);
void allowance_fini(struct allowance *allowance);

/* What the block has had of the pace, for a round that begins; and kept when it ends. */
struct budget_spent allowance_begin(const struct allowance *allowance, uint32_t block);
void allowance_end(struct allowance *allowance, uint32_t block, struct budget_spent spent);

/* Whether the hour has a probe for the block now; if not, *ret_at is when. */
bool allowance_can_ask(const struct allowance *allowance, uint32_t block, struct bw_mono *ret_at);

/* Takes one probe of the hour. */
void allowance_take(struct allowance *allowance, uint32_t block);

/* With plans: how many probes the hour has for the block at once. */
unsigned allowance_left(const struct allowance *allowance, uint32_t block);

/* With plans: whether what is saved up is enough ... */
/* ... for one more probe of a round to a dark block, that has had ASKED in this round; */
bool allowance_can_spare(const struct allowance *allowance, uint32_t block, unsigned asked);
/* ... to ask cold hosts of an up block that looks dark; */
bool allowance_can_widen(const struct allowance *allowance, uint32_t block);
/* ... to look for more hosts of a block that answers; */
bool allowance_can_explore(const struct allowance *allowance, uint32_t block);
/* ... for a round at once. */
bool allowance_can_urge(const struct allowance *allowance, uint32_t block);

/* With plans: the mean time between two probes to a block; at least a round. */
int64_t allowance_interval_ns(const struct allowance *allowance, uint32_t block);

/*
 * With plans: how long a round that is due should wait, 0 or less for not at all. An up block
 * waits when its hour is short of probes, so that some are left to tell a lost packet from
 * an outage.
 */
int64_t allowance_wait_ns(const struct allowance *allowance, uint32_t block);

static inline const struct vantage_plan *allowance_plan(const struct allowance *allowance,
							uint32_t block)
{
	return &allowance->plans[ledger_target_of(allowance->ledger, block)];
}

#endif
