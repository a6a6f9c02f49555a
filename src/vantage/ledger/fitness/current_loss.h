/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_CURRENT_LOSS_H
#define VANTAGE_LEDGER_FITNESS_CURRENT_LOSS_H

#include "infer/evidence/evidence.h"
#include "infer/evidence/loss.h"

/*
 * The share of expected replies that arrive at present. Packets may be lost anywhere on the
 * path, so four counts are kept: over all blocks, over the blocks of each target, over the
 * controls (watch/round/control_group.h), and over the references (struct health). The worst of
 * them holds.
 */
struct current_loss {
	struct loss all, controls;
	struct loss *targets;
	uint32_t target_count;
};

/* 0 or -ENOMEM. */
int current_loss_init(struct current_loss *loss, uint32_t target_count);
void current_loss_fini(struct current_loss *loss);

/*
 * Counts a round of a block of TARGET: the replies, and those expected of the probes that were
 * sent. A round without any reply is not counted, because a dark block says nothing about loss.
 */
void current_loss_count(struct current_loss *loss, uint32_t target, const struct evidence_log *x,
			struct bw_mono now);

/* Counts the first probe of a control, which is answered with probability EXPECTED, 0..1. */
void current_loss_count_control(struct current_loss *loss, float expected, bool replied,
				struct bw_mono now);

/* The worst share for a block of TARGET, 0.1 to 1. REFERENCES: the count over references. */
float current_loss_delivered(const struct current_loss *loss, const struct loss *references,
			     uint32_t target, struct bw_mono now);

/* True when so little arrives (under 85 %) that no further block is called dark. */
bool current_loss_is_bad(float delivered);

/* Forgets all counts, because the vantage could not hear meanwhile. */
void current_loss_forget(struct current_loss *loss, struct bw_mono now);

#endif
