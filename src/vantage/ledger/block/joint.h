/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_JOINT_H
#define VANTAGE_LEDGER_BLOCK_JOINT_H

#include "infer/block.h"
#include "infer/evidence/line.h"
#include "infer/evidence/loss.h"
#include "infer/flap.h"
#include "vantage/ledger/block/hearing.h"
#include "vantage/ledger/block/lateness.h"
#include "vantage/roster.h"

/*
 * The joint silence of a target: all its blocks of which anything is known, two or more, are down.
 * Joint down phases are rarer and shorter than those of one block, so a joint silence that
 * outlasts them says more than the silence of one block. Phases are noted by
 * blocks whose siblings (roster_siblings()) are the whole target, weight and loss for all targets.
 */
struct joint {
	struct flap_phases phases; /* joint down phases while the target flaps, and those between */
	struct bw_mono since;      /* the present phase; ns 0: not known */
	bool down;                 /* the present phase is a joint silence */
	float nats;                /* weight of what was silent since any block answered */
	struct loss lasting;       /* of probes between two answers of one block */
	struct line_belief line;   /* what is believed of the line by the same */
	struct hearing hearing;    /* of all its blocks */
	uint32_t evenings;         /* how many blocks have learned when their hosts go to rest */
	unsigned evening;          /* what the last of them learned: rest_hour() */
	struct lateness lateness;  /* of all its answers */
	uint32_t moves;            /* how often all known hosts of a block had moved */
};

/* Whether all BLOCKS of RANGE that are not unknown are down, and at least two are. */
bool joint_is_down(const struct block *blocks, struct roster_range range);

/*
 * A block came back or went down, which raised its penalty to PENALTY. DOWN: joint_is_down()
 * now; AT: when that block changed. A joint silence begins with the last answer of any block.
 */
void joint_note(struct joint *joint, const struct infer_params *params, float penalty, bool down,
		struct bw_mono at);

/* Whether a joint silence lasts longer at NOW than those of the flapping did. */
bool joint_is_dark(const struct joint *joint, const struct infer_params *params,
		   struct bw_mono now);

/* A block has learned its first evening, or had learned it before a restart. */
void joint_count_evening(struct joint *joint, unsigned evening);

/* A block answered: what was silent before counts no more. */
void joint_forget(struct joint *joint);

/* The vantage could not hear: nor does it count, nor the time without an answer. */
void joint_was_deaf(struct joint *joint);

/* A probe to a block that is not down was silent, which weighs NATS in the block's evidence. */
void joint_missed(struct joint *joint, float nats);

/*
 * The belief, in log-odds, that the target is up, by the silence of all its blocks since the
 * last answer of any.
 */
float joint_belief(const struct joint *joint, const struct infer_params *params);

#endif
