/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_ALLOWANCE_H
#define VANTAGE_WATCH_SCHEDULE_ALLOWANCE_H

#include "probe/budget.h"
#include "vantage/ledger/ledger.h"
#include "vantage/watch/schedule/plan.h"

/*
 * How many probes may be sent to a block. Two budgets (probe/budget.h) hold at once: the pace,
 * one probe a second in bursts of 20, which nothing exceeds; and, with plans, the hour, which is
 * probes_per_hour of the block's target, of which up to 40 unused probes are saved. Each purpose
 * below leaves a reserve of saved probes to purposes that matter more.
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

/* What the block has used of the pace: recalled when a round begins, kept when it ends. */
struct budget_spent allowance_begin(const struct allowance *allowance, uint32_t block);
void allowance_end(struct allowance *allowance, uint32_t block, struct budget_spent spent);

/*
 * Whether the hour has a probe for the block now. With plans *ret_at is set to the moment at
 * which it has one; without plans the result is true and *ret_at is left as it is.
 */
bool allowance_can_ask(const struct allowance *allowance, uint32_t block, struct bw_mono *ret_at);

/* Takes one probe of the hour; nothing when it has none, or without plans. */
void allowance_take(struct allowance *allowance, uint32_t block);

/* With plans: how many probes the hour has for the block now, 0 to 40. */
unsigned allowance_left(const struct allowance *allowance, uint32_t block);

/* With plans: whether more probes are left than the reserve for this purpose. */

/* One more probe to a dark block after ASKED in this round: 3 for the first, then 34. */
bool allowance_can_spare(const struct allowance *allowance, uint32_t block, unsigned asked);
/* Cold hosts of an up block that looks dark: 8. False also when it has no cold host. */
bool allowance_can_widen(const struct allowance *allowance, uint32_t block);
/* The search for more hosts of a block that answers: 33 where few are known, else 35. */
bool allowance_can_explore(const struct allowance *allowance, uint32_t block);
/* Whether the one host that answers is the border of a block that is dark behind it: 8. */
bool allowance_can_seek_border(const struct allowance *allowance, uint32_t block);
/*
 * A host that is asked for a sign of life while the vantage is blind: 24. What is left finds
 * hosts afterwards. Without plans: always.
 */
bool allowance_can_bear_witness(const struct allowance *allowance, uint32_t block);
/* A round at once: 3. */
bool allowance_can_urge(const struct allowance *allowance, uint32_t block);

/* With plans: the mean time between two probes that the hour allows; at least a round. */
int64_t allowance_interval_ns(const struct allowance *allowance, uint32_t block);

/*
 * With plans: how long a round that is due has to wait from now; 0 or less: not at all. Only an
 * up block whose hour is short of probes waits, so that some are left to tell a lost packet from
 * an outage. Urgent and suspect blocks do not wait, except that a suspect block which its
 * siblings contradict keeps its last 10 probes.
 */
int64_t allowance_wait_ns(const struct allowance *allowance, uint32_t block);

static inline const struct vantage_plan *allowance_plan(const struct allowance *allowance,
							uint32_t block)
{
	return &allowance->plans[ledger_target_of(allowance->ledger, block)];
}

#endif
