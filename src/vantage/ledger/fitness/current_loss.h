/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_CURRENT_LOSS_H
#define VANTAGE_LEDGER_FITNESS_CURRENT_LOSS_H

#include "infer/evidence/evidence.h"
#include "infer/evidence/loss.h"

/*
 * The share of expected replies that arrive at all just now. Loss may be anywhere on the way,
 * so it is counted over all blocks, over those of each target, over the controls
 * (watch/round/control_group.h) and, by struct health, over the references. The worst counts.
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
 * Counts the probes of a round of a block of TARGET that answered. Rounds without an answer
 * are not counted: a dark block says nothing about loss.
 */
void current_loss_count(struct current_loss *loss, uint32_t target, const struct evidence_log *x,
			struct bw_mono now);

/* The first probe of a control, which answers with probability EXPECTED. */
void current_loss_count_control(struct current_loss *loss, float expected, bool replied,
				struct bw_mono now);

/* 0.1 to 1: the worst share for a block of TARGET. REFERENCES: of probes to references. */
float current_loss_delivered(const struct current_loss *loss, const struct loss *references,
			     uint32_t target, struct bw_mono now);

/* True when so little arrives that silence means little and nothing new is called dark. */
bool current_loss_is_bad(float delivered);

/* Forgets what was counted while nothing could be heard. */
void current_loss_forget(struct current_loss *loss, struct bw_mono now);

#endif
