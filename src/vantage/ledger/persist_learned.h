/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_PERSIST_LEARNED_H
#define VANTAGE_LEDGER_PERSIST_LEARNED_H

#include "report/state/state.h"
#include "vantage/ledger/ledger.h"

/*
 * Part of persist.h: what a ledger has learned of the hosts of a block, of the way to them, of
 * their silences and of how late their answers come, to and from the structs of report/state.
 * Saving fills in what is its own and leaves the rest.
 */
void persist_learned_save(const struct ledger *ledger, uint32_t block, struct state_block *state);
void persist_learned_restore(struct ledger *ledger, uint32_t block,
			     const struct state_block *state);

/*
 * Of a network or target: which of loss and delay is out of its usual range; and when its blocks
 * were heard, where nothing ran for STOPPED_NS before it is restored.
 */
void persist_learned_save_sum(const struct ledger *ledger, const struct sum *sum,
			      struct state_group *state);
void persist_learned_restore_sum(const struct ledger *ledger, struct sum *sum,
				 const struct state_group *state);
void persist_learned_save_hearing(const struct ledger *ledger, const struct hearing *hearing,
				  struct state_hearing *state);
void persist_learned_restore_hearing(const struct ledger *ledger, const struct state_hearing *state,
				     int64_t stopped_ns, struct hearing *hearing);

/* The joint silence of a target, the loss on the way to it, and how late answers come. */
void persist_learned_save_joint(const struct ledger *ledger, uint32_t target,
				struct state_joint *state);
void persist_learned_restore_joint(struct ledger *ledger, uint32_t target,
				   const struct state_joint *state);

/* A time of the ledger in wall time, ns 0 for BLOCK_NEVER_ANSWERED. */
struct bw_wall persist_wall_of(const struct ledger *ledger, struct bw_mono t);

/*
 * And back; a time later than NOW, because the clock stands behind what was saved, is NOW: nothing
 * lies in the future.
 */
struct bw_mono persist_mono_of(struct bw_now now, struct bw_wall t);

#endif
