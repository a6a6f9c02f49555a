/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_WATCH_H
#define VANTAGE_WATCH_WATCH_H

#include "base/permutation.h"
#include "base/rng.h"
#include "base/wheel.h"
#include "probe/engine.h"
#include "vantage/watch/round/round_table.h"
#include "vantage/watch/schedule/allowance.h"
#include "vantage/watch/schedule/schedule.h"
#include "vantage/watch/sentinels.h"

/*
 * Who is asked when. The watch puts its modules together and gives them what happens: time,
 * sent probes, outcomes. What it learns goes into the ledger.
 *
 *   schedule.h       when a block is due            request.h     how a host is asked
 *   allowance.h      how many probes it may have    conditions.h  extra probes
 *   round_table.h    rounds that are under way      siblings.h    blocks nearby
 *   round.h          one round of one block         control_group.h
 *   watch_ops.h      in what a check and long watching differ: one_shot.h, recurring.h
 *   sentinels.h      is the vantage itself online?
 */
struct watch_config {
	struct ledger *ledger; /* borrowed, as the next three */
	struct engine *engine;
	const struct bw_transport *transport;
	const struct vantage_plan *plans; /* one for each target; NULL: one check */
	double rate_pps;
	uint64_t seed;     /* of the order of blocks, and of all that is drawn by lot */
	bool tells_probes; /* a record for each probe of a block, too */
};

struct watch {
	struct watch_config config;
	struct ledger *ledger; /* the same as in config */
	const struct watch_ops *ops;
	struct rng rng;
	bool in_focus;       /* a target has rounds of 15 s or less */
	struct wheel *wheel; /* the next step of each block; then the next round of each target */
	struct permutation order; /* of the blocks in their first round */
	uint32_t begun;           /* a check: blocks whose round has begun */
	uint64_t known;           /* rounds that have ended */
	struct round_table rounds;
	struct allowance allowance;
	struct schedule schedule; /* with plans */
	struct sentinels sentinels;
};

/* 0 or -ENOMEM; watch_fini() may be called in any case. */
int watch_init(struct watch *watch, const struct watch_config *config);
void watch_fini(struct watch *watch);

/*
 * The time has come that ledger->now says: what is due is done. SLEPT: it comes much later
 * than was asked for, because the machine slept.
 */
void watch_tick(struct watch *watch, bool slept);

/* When watch_tick() must be called at the latest. */
struct bw_mono watch_deadline(const struct watch *watch);

/* From the engine. */
void watch_sent(struct watch *watch, const struct probe *probe, struct bw_mono sent);
void watch_outcome(struct watch *watch, const struct outcome *outcome);

/* True when each block of a check has its record. */
bool watch_is_done(const struct watch *watch);

/* A check ends early: what is not known yet is unknown for REASON (one enum bw_reason). */
void watch_stop(struct watch *watch, unsigned reason);

/* The last record of each target of a check, or the present one. */
void watch_finish(struct watch *watch);

/*
 * The owner says that nothing behind a way (ledger/fitness/ways.h) can be judged, for REASONS; or,
 * with 0, that it no longer knows a reason. Then it goes on when a sentinel has answered, or at
 * once when there is none.
 */
void watch_hold_blind(struct watch *watch, unsigned way, unsigned reasons);

/*
 * Routes have changed: the roster has the egress of each block of now. BEFORE has those of before,
 * by block. Rounds of blocks that have moved end without a record, and begin anew.
 */
void watch_rerouted(struct watch *watch, const uint8_t *before);

#endif
