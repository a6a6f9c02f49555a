/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_BLOCK_H
#define INFER_BLOCK_H

#include <blockwatch/verdict.h>

#include "infer/evidence.h"
#include "infer/hotlist.h"
#include "probe/outcome.h"

/*
 * One block: what is said of it and why, in 64 bytes. Candidates (hosts) are
 * numbers here; who they are is the roster's to know.
 */
struct block {
	struct bw_mono since;       /* the verdict holds since; of a flapping block: its phase */
	struct bw_mono last_answer; /* when the last answered probe was sent */
	float log_odds;             /* belief that it is up, as of the last excursion */
	uint32_t penalty_s;         /* seconds, monotonic */
	uint32_t unstable_s;        /* the last sign of instability; 0: none */
	uint16_t penalty;           /* for flapping, in 1/128, as of penalty_s */
	uint16_t cusum;             /* CUSUM of silences of hot hosts, in 1/100 */
	uint16_t hosts;             /* candidates */
	uint16_t cold_from;         /* the cold candidate that is next */
	uint16_t reasons;           /* of unknown: set of enum bw_reason */
	uint16_t conditions : 12;   /* set of enum bw_condition */
	uint16_t verdict : 2;       /* enum bw_verdict */
	uint16_t known : 1;         /* it is known that its hosts answer when it is up */
	uint16_t down : 1;          /* of a flapping block: the phase */
	struct hotlist hot;         /* 24 bytes */
};

_Static_assert(sizeof(struct block) <= 64, "a block takes more than 64 bytes");

#define BLOCK_NEVER_ANSWERED ((struct bw_mono){INT64_MIN})

/* A change of verdict, with what it rests on. */
struct block_change {
	enum bw_verdict from, to;
	struct bw_mono earliest, latest; /* bounds of when it happened */
	struct bw_mono decided;
	double confidence; /* 0..1 */
	enum bw_onset onset;
};

/* Unknown since NOW. */
void block_init(struct block *block, uint16_t hosts, bool known, struct bw_mono now);

/* Whether it is to be treated as dark: its verdict, or its phase while it flaps. */
bool block_is_down(const struct block *block);

/* For flapping, as of penalty_s; it is kept within what has room. */
float block_penalty(const struct block *block);
void block_set_penalty(struct block *block, float penalty);

/* Opens an excursion at NOW, with the belief drifted since the last one. */
void block_begin(const struct block *block, struct evidence_log *x,
		 const struct infer_params *params, int64_t elapsed_ns, struct bw_mono now);

/* What a block wants next. */
enum block_step_kind {
	STEP_WAIT,      /* nothing before `at`, or before an outcome comes */
	STEP_ASK,       /* a probe to `host` */
	STEP_DARK,      /* all demands of dark are met: ask the guard, then decide */
	STEP_UP,        /* a reply, confirmed where it contradicts the verdict */
	STEP_UNDECIDED, /* all was asked that was wanted, nothing is decided: `reasons` */
};

struct block_step {
	enum block_step_kind kind;
	struct bw_mono at;
	uint16_t host;
	unsigned reasons; /* set of enum bw_reason, for STEP_UNDECIDED */
};

/*
 * From all evidence, afresh each time. STEP_UP is said as soon as it is so; the
 * rest of the sample may still be asked for then.
 */
struct block_step block_next(const struct block *block, const struct evidence_log *x,
			     const struct infer_params *params, struct bw_mono now);

/*
 * Takes an outcome of a probe of this block whose evidence is x->list[index].
 * Returns true when it changed what is known.
 */
bool block_take(struct block *block, struct evidence_log *x, unsigned index,
		const struct outcome *outcome);

/* How much is known of a block: what the silence of its hot hosts would weigh. */
enum block_coverage {
	COVERAGE_POOR,  /* so little that an excursion needs many probes */
	COVERAGE_SHORT, /* less than is wanted */
	COVERAGE_GOOD,
};
enum block_coverage block_coverage(const struct block *block);

/* How many cold candidates a round should ask too, to find more that answer. CHANCE: 0..1. */
unsigned block_cold_probes(const struct block *block, double chance);

/*
 * Ends an excursion: what its probes teach (hot list, strain, belief) when the
 * block turned out to be up, its belief in any case.
 */
void block_learn(struct block *block, const struct evidence_log *x, struct bw_mono now);

/*
 * The one function that writes a verdict. TO is up, dark or unknown; `reasons`
 * belong to unknown and are 0 otherwise. EARLIEST and LATEST bound the moment of
 * the change. A transition between up and dark adds to the penalty and may turn
 * into flapping. Returns true and fills *ret_change when the verdict has changed.
 */
struct block_decision {
	enum bw_verdict to;
	unsigned reasons;
	struct bw_mono earliest, latest;
};
bool block_decide(struct block *block, const struct block_decision *decision,
		  const struct infer_params *params, struct bw_mono now,
		  struct block_change *ret_change);

/*
 * Whether a flapping block has settled: up when the penalty has decayed, dark
 * when it is down for longer than SILENT_NS. Writes the verdict like
 * block_decide().
 */
bool block_settle(struct block *block, const struct infer_params *params, int64_t silent_ns,
		  struct bw_mono now, struct block_change *ret_change);

/* Forgets the silences of a block in question: it was the vantage that could not hear. */
void block_clear_suspicion(struct block *block, const struct infer_params *params);

/* Undoes a change to dark that late evidence has disproved. */
void block_withdraw(struct block *block, const struct outcome *reply);

#endif
