/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_STEP_H
#define INFER_STEP_H

#include "infer/block.h"

/* What is to be done next for a block, by all its evidence. */
enum step_kind {
	STEP_WAIT,      /* nothing before `at`, or before an outcome comes */
	STEP_ASK,       /* send a probe to `host` */
	STEP_DARK,      /* all demands of dark are met: check health, then decide */
	STEP_UP,        /* a reply, confirmed where it contradicts the verdict */
	STEP_UNDECIDED, /* all wanted probes are done, nothing is decided: see `reasons` */
};

struct step {
	enum step_kind kind;
	struct bw_mono at; /* STEP_WAIT; BW_NEVER: an outcome must come first */
	uint16_t host;     /* STEP_ASK */
	unsigned reasons;  /* STEP_UNDECIDED: set of enum bw_reason */
};

/* Why nothing can be said of a block without a reply in LOG: a set of enum bw_reason. */
unsigned step_reasons_of_silence(const struct block *block, const struct evidence_log *log);

/* STEP_UP comes with the first reply that proves it, when other probes may still be waiting. */
struct step step_next(const struct block *block, const struct evidence_log *log,
		      const struct infer_params *params, struct bw_mono now);

#endif
