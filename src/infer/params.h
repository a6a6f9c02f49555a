/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_PARAMS_H
#define INFER_PARAMS_H

#include <stdint.h>

#include <blockwatch/time.h>

/* The parameters of the inference. Times in nanoseconds, evidence in nats. */
struct infer_params {
	int64_t confirm_ns;           /* evidence for a change spans at least this */
	int64_t followup_ns;          /* between follow-ups to one block */
	int64_t group_gap_ns;         /* between probes of the group that confirms */
	int64_t widen_gap_ns;         /* between probes to cold hosts before it is confirmed */
	int64_t sample_gap_ns;        /* between the first probes to a block */
	int64_t timeout_ns;           /* a probe is silent after this, at the latest */
	int64_t grace_ns;             /* the last probe is at least this old before dark */
	uint8_t sample;               /* distinct hosts probed first, when nothing is known */
	uint8_t recovery;             /* distinct hosts probed in each round of a dark block */
	uint8_t search;               /* probes spent on a block of which nothing is known */
	uint8_t distinct;             /* hosts that must be silent before dark; all, if fewer */
	uint8_t group;                /* probes of the later group that confirms dark */
	uint8_t probes_max;           /* in one evidence log, at most EVIDENCE_MAX */
	float dark_nats;              /* log-odds of -dark_nats and below: dark */
	float start_nats;             /* belief in a block before its first answer */
	int64_t mean_up_ns;           /* the prior's mean time from one outage to the next */
	int64_t drift_min_ns;         /* a shorter round counts as this long for the prior */
	int64_t mean_dark_ns;         /* the prior's mean length of an outage */
	float flap_enter, flap_leave; /* penalties (RFC 2439): flapping from, no longer below */
	int64_t flap_half_life_ns;
};

/*
 * For a single check: three distinct hosts and a second group of three,
 * follow-ups 1 s apart and a timeout of 3 s (Padmanabhan et al., IMC 2015).
 * dark_nats is ln(999): by Wald's bound at most one in 1000 blocks that are up,
 * whose hosts answer independently and as often as stated, is called dark by
 * chance before confirmation is asked for.
 */
struct infer_params infer_params_default(void);

/*
 * For continuous rounds, with a stated rate of false darks for each block. Before a round the
 * belief is at most that of one outage each mean_up_ns. With the threshold at
 * ln(rate x mean_up) the demanded evidence is ln(1 / (rate x round)), whatever the round.
 */
struct infer_params infer_params_rounds(double false_dark_per_year);

#endif
