/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_BLOCK_H
#define INFER_BLOCK_H

#include <blockwatch/verdict.h>

#include "infer/evidence/evidence.h"
#include "infer/evidence/hotlist.h"

/*
 * One block: its verdict and what it rests on, in 64 bytes. Hosts are the numbers of its
 * candidates, from 0; the roster knows their addresses. Monotonic seconds count from 1, so that
 * 0 can mean never.
 */
struct block {
	struct bw_mono since;       /* the verdict, or the phase of a flapping block, holds since */
	struct bw_mono last_answer; /* when the last answered probe was sent */
	float log_odds;             /* belief that it is up, as of its last evidence */
	uint32_t penalty_s;         /* when the penalty was set, in monotonic seconds */
	uint32_t unstable : 21;     /* last sign of instability: see block_unstable_s() */
	uint16_t penalty;           /* for flapping, in 1/128: see block_penalty() */
	uint16_t rest : 12;         /* belief that its hosts are at rest: see rest_pack() */
	uint16_t evening : 4;       /* when that began last: see rest_hour() */
	uint16_t hosts;             /* number of candidates */
	uint16_t cold_from;         /* the cold candidate that is next */
	uint16_t reasons;           /* of unknown: set of enum bw_reason */
	uint16_t conditions : 12;   /* set of enum bw_condition */
	uint16_t verdict : 2;       /* enum bw_verdict */
	uint16_t known : 1;         /* it is known that its hosts answer when it is up */
	uint16_t down : 1;          /* the phase of a flapping block */
	struct hotlist hot;         /* 24 bytes */
};

_Static_assert(sizeof(struct block) <= 64, "a block takes over 64 bytes");
_Static_assert(BW_CONDITIONS <= 12, "a set of conditions has 12 bits in struct block");
_Static_assert(BW_BLOCK_VERDICTS <= 4, "a verdict has 2 bits in struct block");
_Static_assert(BW_REASONS <= 16, "a set of reasons has 16 bits in struct block");


#define BLOCK_NEVER_ANSWERED ((struct bw_mono){INT64_MIN})

/* Unknown since NOW, without any evidence. */
void block_init(struct block *block, uint16_t hosts, bool known, struct bw_mono now);

/* Whether it is treated as dark: by its verdict, or by its phase while it flaps. */
bool block_is_down(const struct block *block);

/*
 * Whether it is unknown because it was up and is silent: too long for up, not confirmed for dark.
 * Its evidence is kept over rounds, and what comes next is a change from up.
 */
bool block_is_doubted(const struct block *block);

/* Sets or clears one condition. */
void block_set_condition(struct block *block, unsigned condition, bool on);

/* T as penalty_s counts it. */
uint32_t block_seconds(struct bw_mono t);

/*
 * The last sign of instability, in monotonic seconds; 0: none. Setting it rounds it down to a
 * multiple of 128 s, but not to none.
 */
uint32_t block_unstable_s(const struct block *block);
void block_set_unstable_s(struct block *block, uint32_t seconds);

/* The penalty for flapping as of penalty_s. Setting it limits it to what fits, 512. */
float block_penalty(const struct block *block);
void block_set_penalty(struct block *block, float penalty);

/*
 * The belief by the evidence in LOG. A reply proves that a block that is not down is up, and
 * silences from before it count no more: the result is at least BELIEF_PROVEN then.
 */
float block_belief(const struct block *block, const struct evidence_log *log);

/* A reply has proved the block up, whatever was believed: at least BELIEF_PROVEN. */
void block_prove(struct block *block);

/*
 * The belief at NOW that the hosts of a block are at rest, ELAPSED_NS after its last log ended.
 * REST_NEVER for a block that is down, has never answered, or has been silent for half a day.
 */
float block_rest(const struct block *block, int64_t elapsed_ns, struct bw_mono now);

/*
 * Begins an evidence log at NOW, ELAPSED_NS after the last one ended. The prior is the block's
 * belief, drifted for that time unless the block is in question. The log does not consider rest.
 */
void block_begin(const struct block *block, struct evidence_log *log,
		 const struct infer_params *params, int64_t elapsed_ns, struct bw_mono now);

#endif
