/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_BLOCK_H
#define INFER_BLOCK_H

#include <blockwatch/verdict.h>

#include "infer/excursion.h"
#include "probe/outcome.h"

/*
 * One block: what is said of it and why. Candidates (hosts) are numbers here;
 * who they are is the roster's to know.
 */
struct block {
	struct bw_mono since;       /* the verdict holds since */
	struct bw_mono last_answer; /* when the last answered probe was sent; ns INT64_MIN: never */
	float log_odds;             /* belief that it is up */
	uint16_t hosts;             /* candidates */
	uint16_t conditions;        /* set of enum bw_condition */
	uint16_t reasons;           /* of unknown: set of enum bw_reason */
	uint8_t verdict;            /* enum bw_verdict */
	bool known;                 /* it is known that its hosts answer when it is up */
};

#define BLOCK_NEVER_ANSWERED ((struct bw_mono){INT64_MIN})

/* A change of verdict, with what it rests on. */
struct block_change {
	enum bw_verdict from, to;
	struct bw_mono earliest, latest; /* bounds of when it happened */
	struct bw_mono decided;
};

/* Unknown since NOW. */
void block_init(struct block *block, uint16_t hosts, bool known, struct bw_mono now);

/* What a block wants next. */
enum block_step {
	STEP_WAIT,  /* nothing before `at`, or before an outcome comes */
	STEP_ASK,   /* a probe to `host` */
	STEP_DARK,  /* all demands of dark are met: ask the guard, then decide */
	STEP_STUCK, /* all was asked that was wanted, and it is still unknown: `reasons` */
};

struct block_wish {
	enum block_step step;
	struct bw_mono at;
	uint16_t host;
	unsigned reasons; /* set of enum bw_reason, for STEP_STUCK */
};

/* While the verdict is in question. */
struct block_wish block_next(const struct block *block, const struct excursion *x,
			     const struct infer_params *params, struct bw_mono now);

/*
 * Takes an outcome of a probe of this block whose evidence is x->list[index].
 * Returns true when it changed what is known (and belief, conditions).
 */
bool block_take(struct block *block, struct excursion *x, unsigned index,
		const struct outcome *outcome);

/*
 * The one function that writes a verdict. `reasons` belong to unknown and are 0
 * otherwise. Returns true and fills *ret_change when the verdict has changed.
 */
bool block_decide(struct block *block, const struct excursion *x, enum bw_verdict verdict,
		  unsigned reasons, struct bw_mono now, struct block_change *ret_change);

#endif
