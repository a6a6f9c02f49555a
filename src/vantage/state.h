/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_STATE_H
#define VANTAGE_STATE_H

#include "base/permute.h"
#include "base/wheel.h"
#include "infer/block.h"
#include "infer/blind.h"
#include "probe/budget.h"
#include "probe/engine.h"
#include "vantage/vantage.h"

/* The inside of a vantage, for the files of this folder only. */

#define TALLY_RTTS 16
#define WITNESSES 2

/* What a round of probes to one block gave, for its record. */
struct tally {
	uint32_t sent, replies;
	int64_t rtt_ns[TALLY_RTTS]; /* of the first replies */
};

/* A block on trial: its verdict is in question and its record not out. */
struct trial {
	struct excursion x;
	struct tally tally;
	uint32_t next_free;
};

/* A host of a block that is up, asked again while others are in question. */
struct witness {
	struct bw_addr addr;
	struct bw_method method;
	uint8_t egress;
};

struct vantage {
	struct vantage_config config;
	struct engine *engine;
	struct bw_now now, started;
	uint64_t seq;

	struct block *blocks;     /* by number, as in the roster */
	uint32_t *trial_of;       /* block -> trial, or NO_TRIAL */
	struct trial *trials;
	uint32_t trial_count, free_trial;
	struct wheel *wheel;      /* block -> its next step */
	struct permute order;     /* of first probes */
	uint32_t begun, known;
	struct budget budget;     /* subjects: blocks, then sentinels, then witnesses */

	struct blind blind;
	struct bw_mono sentinels_at;
	struct witness witnesses[WITNESSES];
	uint32_t witness_count;
};

#define NO_TRIAL UINT32_MAX

/* sentinels.c */
void sentinels_tick(struct vantage *vantage);
void sentinels_outcome(struct vantage *vantage, const struct outcome *outcome);
void sentinels_add_witness(struct vantage *vantage, const struct outcome *outcome);

/* results.c */
void results_block(struct vantage *vantage, uint32_t block, const struct tally *tally);
void results_targets(struct vantage *vantage);
void results_vantage(struct vantage *vantage);

#endif
