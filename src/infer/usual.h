/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_USUAL_H
#define INFER_USUAL_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>
#include <blockwatch/verdict.h>

#include "infer/out_of_range.h"

/*
 * The usual loss and the usual delay of a block while it is up, and what they are at present.
 * 16 bytes. Whether they have left their usual range is apart (out_of_range.h), by enum bw_range:
 * most blocks are well inside of theirs.
 *
 * A silence counts as loss when the same host answers again soon after: a host that was switched
 * off does not. So hosts that go to sleep are no loss, and neither is an outage, in which nothing
 * answers. A round in which no host of the block answers counts as one lost probe when the block
 * answers again without having been dark.
 *
 * Delay is kept as the binary logarithm of microseconds, in 1/USUAL_OCTAVE.
 */
struct usual {
	uint16_t loss, loss_now;   /* share of probes, in 1/65535: usual, present */
	uint16_t delay, delay_now; /* usual (the median), present (smoothed) */
	uint16_t spread;           /* of delay: the median distance from the usual one */
	uint16_t silent_host[2];   /* hosts that did not answer last time, the newest first */
	uint16_t silences0 : 3, silences1 : 3; /* how many probes in a row each did not answer */
	uint16_t age : 3;                      /* rounds since the last of these silences */
	uint16_t unheard : 2;                  /* rounds without any answer since the last one */
	uint16_t rounds : 5;                   /* that were learned from; stops at its limit */
};

#define USUAL_OCTAVE 2048
#define USUAL_LEARNED 30 /* rounds after which the usual range is known */

_Static_assert(sizeof(struct usual) == 16, "what is usual of a block takes 16 bytes");
_Static_assert(USUAL_LEARNED < 31, "the number of rounds has 5 bits");

/* What a round of a block has shown. */
struct usual_round {
	float answered, lost; /* probes to hosts that usually answer */
	unsigned silent;      /* probes without an answer; some of them are lost */
	int64_t rtt_ns;       /* the median; -1: no reply */
	float length;         /* of the time since the round before, in rounds; at most 1 counts */
	uint32_t began_s, now_s;
};

/*
 * A hot HOST has ANSWERED a probe, or has not; adds to the counts of ROUND. The block may be up or
 * in question, not dark.
 */
void usual_note(struct usual *usual, uint16_t host, bool answered, struct usual_round *round);

/* A probe to HOST that was noted as silent is answered after all, late: it was not lost. */
void usual_hear_late(struct usual *usual, uint16_t host);

/*
 * The end of a round of a block that is up. Adds what was lost in rounds before to ROUND. Keeps
 * RANGES up to date and puts what changed into RET_STEPS, both by enum bw_range.
 * Nothing changes in the first USUAL_LEARNED rounds, nor without an answer.
 */
void usual_end_round(struct usual *usual, struct out_of_range ranges[BW_RANGES],
		     struct usual_round *round, enum out_of_range_step ret_steps[BW_RANGES]);

/* The block could not be heard: the silences so far are no loss. */
void usual_forget_silences(struct usual *usual);

/* The block went dark: what is present is not known any more, nor should its ranges be. */
void usual_forget_present(struct usual *usual);

/* Whether the usual range is known. */
bool usual_is_learned(const struct usual *usual);

/* Whether the present delay is outside of the usual range. */
bool usual_is_slow(const struct usual *usual);

/* Shares, 0..1. */
double usual_loss(uint16_t loss);
uint16_t usual_loss_of(double share);

/* Delay in ns, -1 for 0, and back. */
int64_t usual_rtt_ns(uint16_t delay);
uint16_t usual_delay_of(int64_t rtt_ns);

/*
 * The evidence in units of the score that loss is USUAL (0..1) or clearly more, from counts of
 * probes: positive for more. IS_OUT: less than is needed to leave the range keeps it outside.
 */
float usual_weigh_loss(double usual, float answered, float lost, bool is_out);

#endif
