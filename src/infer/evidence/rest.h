/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_EVIDENCE_REST_H
#define INFER_EVIDENCE_REST_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * Whether the hosts of a block are at rest: switched off for the night, one after the other.
 * While they are, a host that answered minutes ago may go off soon, and one that did not answer
 * will not answer. The belief in rest is in log-odds, ln(P(at rest) / P(awake)), given that the
 * block is up. It is learned from the block's own probes, and so is the time of day at which rest
 * begins.
 */
#define REST_NEVER (-INFINITY) /* rest is not considered */

/* The belief when nothing is known. */
#define REST_START (-11.0F)

/* A block that is up with at least this belief has hosts that rest. */
#define REST_SURE 2.0F

/* The time of day of NOW, in two hours from 1 to 12; 0 stands for none. */
unsigned rest_hour(struct bw_mono now);

/* Whether NOW is, on any day, within seven hours of the middle of such an HOUR. */
bool rest_is_evening(unsigned hour, struct bw_mono now);

/*
 * The mean time until rest begins: 14 hours in the EVENING; else 100 days where COLD, the rate at
 * which hosts answer that are not known to be on, is .4 or more, and 1000 days where it is less.
 * Such a rate may be hours old, and the silence of many such hosts would prove too much.
 */
int64_t rest_awake_ns(bool evening, float cold);

/* The belief ELAPSED_NS later. Rest begins after AWAKE_NS on average and lasts eight hours. */
float rest_drift(float log_odds, int64_t awake_ns, int64_t elapsed_ns);

/*
 * The probability that a host answers while its block is at rest. AVAILABILITY: while it is
 * awake. For a host that answered AGE_NS ago; for one that is not known to be on.
 */
float rest_of_hot(float availability, int64_t age_ns);
float rest_of_cold(float availability);

/*
 * The belief in twelve bits, -16 to 15.99, and back. A step is a tenth of what one answer in a calm
 * round changes, so that many small changes add up.
 */
#define REST_BITS 0xfff
uint16_t rest_pack(float log_odds);
float rest_unpack(uint16_t packed);

#endif
