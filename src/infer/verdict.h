/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_VERDICT_H
#define INFER_VERDICT_H

#include "infer/block.h"
#include "probe/outcome.h"

/* For so long after instability a change to dark has the onset unstable. */
#define VERDICT_UNSTABLE_NS (86400 * BW_S)

/* The verdict of a block and how it changes. */
struct verdict_decision {
	enum bw_verdict to;              /* up, dark or unknown */
	unsigned reasons;                /* of unknown: set of enum bw_reason */
	bool doubts;                     /* to unknown: see block_is_doubted() */
	struct bw_mono earliest, latest; /* bounds of the moment of the change */
};

struct verdict_change {
	enum bw_verdict from, to;
	struct bw_mono earliest, latest; /* bounds of the moment of the change */
	struct bw_mono decided;
	double confidence; /* 0..1, that `to` is true */
	enum bw_onset onset;
};

/*
 * Applies a decision. A transition between up and dark adds to the penalty and may turn into
 * flapping. Returns true when the verdict has changed. *ret_change is filled whenever the
 * verdict or, of a flapping block, the phase has changed. A doubted block counts as up before.
 */
bool verdict_decide(struct block *block, const struct verdict_decision *decision,
		    const struct infer_params *params, struct bw_mono now,
		    struct verdict_change *ret_change);

/*
 * How sure it is, 0..1, that a block that was decided dark is dark: at least as sure as then,
 * because it has not answered since.
 */
double verdict_dark_confidence(const struct block *block, const struct infer_params *params);

/*
 * Ends flapping: up when the penalty has decayed, dark when the block has been down for longer
 * than DARK_AFTER_NS (flap_dark_after_ns(); 0: its siblings are silent for too long, and it
 * goes on flapping when it is back soon). Returns true, with *ret_change, when the verdict
 * has changed.
 */
bool verdict_settle(struct block *block, const struct infer_params *params, int64_t dark_after_ns,
		    struct bw_mono now, struct verdict_change *ret_change);

/* Late evidence disproves a change to dark: the block is up, and was. */
void verdict_withdraw(struct block *block, const struct outcome *reply);

/*
 * Forgets the silences of a suspect block, because the vantage itself could not hear. A block
 * that is down is left alone.
 */
void verdict_clear_suspicion(struct block *block, const struct infer_params *params);

#endif
