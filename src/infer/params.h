/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_PARAMS_H
#define INFER_PARAMS_H

#include <stdint.h>

#include <blockwatch/time.h>

/* The numbers of the inference; FIELD gives where they come from. */
struct infer_params {
	int64_t confirm_ns;    /* evidence for a change reaches over at least this */
	int64_t followup_ns;   /* between follow-ups to one block */
	int64_t sample_gap_ns; /* between the first probes to a block */
	int64_t timeout_ns;    /* silence so long is a negative */
	uint8_t sample;        /* distinct hosts asked at first */
	uint8_t distinct;      /* hosts that must be silent before dark; all, if fewer */
	uint8_t group;         /* probes of the later group that confirms dark */
	uint8_t probes_max;    /* of one excursion, at most EXCURSION_MAX */
	float dark_nats;       /* log-odds of -dark_nats and below: dark */
};

/*
 * The defaults: three distinct hosts and a second group of three (DESIGN.md),
 * follow-ups 1 s apart and 3 s of patience (Padmanabhan et al., IMC 2015).
 * dark_nats is ln(999): by Wald's bound at most one in 1000 blocks that are up,
 * whose hosts answer independently and as often as stated, is called dark by
 * chance before confirmation is asked for.
 */
struct infer_params infer_params_default(void);

#endif
