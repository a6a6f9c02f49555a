/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_CURRENT_LOSS_H
#define VANTAGE_LEDGER_FITNESS_CURRENT_LOSS_H

#include "infer/evidence/evidence.h"
#include "infer/evidence/loss.h"
#include "vantage/ledger/fitness/ways.h"

/*
 * The share of expected replies that arrive at present. Packets may be lost anywhere on the
 * path, so four counts are kept: over all blocks of a way out, over the blocks of each target,
 * over the controls of a way (watch/round/control_group.h), and over its references (struct
 * health). The worst of them holds.
 */
struct current_loss {
	struct loss all[WAYS_MAX], controls[WAYS_MAX];
	struct loss *targets;
	uint32_t target_count;
};

/* 0 or -ENOMEM. */
int current_loss_init(struct current_loss *loss, uint32_t target_count);
void current_loss_fini(struct current_loss *loss);

/* Of which blocks loss is counted or asked for. */
struct current_loss_of {
	uint32_t target;
	unsigned way;
};

/*
 * Counts a round of a block: the replies, and those expected of the probes that were
 * sent. A round without any reply is not counted, because a dark block says nothing about loss.
 */
void current_loss_count(struct current_loss *loss, struct current_loss_of of,
			const struct evidence_log *x, struct bw_mono now);

/* Counts the first probe of a control of WAY, which is answered with probability EXPECTED, 0..1. */
void current_loss_count_control(struct current_loss *loss, unsigned way, float expected,
				bool replied, struct bw_mono now);

/* The worst share for a block, 0.1 to 1. REFERENCES: the count over the references of its way. */
float current_loss_delivered(const struct current_loss *loss, const struct loss *references,
			     struct current_loss_of of, struct bw_mono now);

/* True when so little arrives (under 85 %) that no further block is called dark. */
bool current_loss_is_bad(float delivered);

/* Forgets the counts of a way, and those of targets, because it could not be heard by. */
void current_loss_forget(struct current_loss *loss, unsigned way, struct bw_mono now);

#endif
