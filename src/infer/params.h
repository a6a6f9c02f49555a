/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_PARAMS_H
#define INFER_PARAMS_H

#include <stdint.h>

#include <blockwatch/time.h>

/* The numbers of the inference. */
struct infer_params {
	int64_t confirm_ns;    /* evidence for a change reaches over at least this */
	int64_t followup_ns;   /* between follow-ups to one block */
	int64_t group_gap_ns;  /* between the probes of the group that confirms */
	int64_t widen_gap_ns;  /* between probes to cold hosts before it is confirmed */
	int64_t sample_gap_ns; /* between the first probes to a block */
	int64_t timeout_ns;    /* silence so long is a negative, at the latest */
	int64_t grace_ns;      /* the last probe is at least so old before dark is said */
	uint8_t sample;        /* distinct hosts asked at first, when nothing is known */
	uint8_t recovery;      /* distinct hosts asked in each round of a block that is dark */
	uint8_t search;        /* probes spent on a block of which nothing is known */
	uint8_t distinct;      /* hosts that must be silent before dark; all, if fewer */
	uint8_t group;         /* probes of the later group that confirms dark */
	uint8_t probes_max;    /* of one excursion, at most EVIDENCE_MAX */
	float dark_nats;       /* log-odds of -dark_nats and below: dark */
	float start_nats;      /* belief in a block of which nothing was heard yet */
	int64_t mean_up_ns;    /* the prior's mean time from one outage to the next */
	int64_t drift_min_ns;  /* rounds that are shorter count as so long for the prior */
	int64_t mean_dark_ns;  /* the prior's mean length of an outage */
	float flap_enter, flap_leave; /* penalties (RFC 2439): flapping from, no more from */
	int64_t flap_half_life_ns;
};

/*
 * For a single check: three distinct hosts and a second group of three,
 * follow-ups 1 s apart and 3 s of patience (Padmanabhan et al., IMC 2015).
 * dark_nats is ln(999): by Wald's bound at most one in 1000 blocks that are up,
 * whose hosts answer independently and as often as stated, is called dark by
 * chance before confirmation is asked for.
 */
struct infer_params infer_params_default(void);

/*
 * For watching for ever, with a stated rate of false darks for each block.
 * Before a round the belief is at most that of an outage each mean_up_ns; with
 * the threshold at ln(rate x mean_up) the evidence that is asked for is
 * ln(1 / (rate x round)) whatever the round.
 */
struct infer_params infer_params_rounds(double false_dark_per_year);

#endif
