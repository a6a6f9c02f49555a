/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_BELIEF_H
#define INFER_BELIEF_H

#include <stdint.h>

/*
 * Belief that a block is up, as log-odds in nats: ln(P(up) / P(not up)).
 * Source: the model of Trinocular (Quan, Heidemann, Pradkin, SIGCOMM 2013)
 * with the availability of each host in place of the block's average.
 */

/* The probability that an address of a dark block answers: only its border is alive. */
#define BELIEF_STRAY 0.0038672F /* 0.99 / 256 */

/* The least belief in a block after an answer that proves it up: .993. */
#define BELIEF_PROVEN 5.0F

/* A silence never weighs more than with this availability, because packets get lost. */
#define BELIEF_AVAILABILITY_MAX 0.97F

/* What a reply of a host with this availability (0..1) adds to the belief; positive. */
float belief_of_reply(float availability);

/* What its silence adds; negative. */
float belief_of_silence(float availability);

/* A probability from log-odds, and back. The log-odds stay within those of 1e-9 and 1 - 1e-9. */
double belief_probability(float log_odds);
float belief_log_odds(double probability);

/*
 * The belief after DT_NS without evidence, by a two-state Markov chain: up lasts mean_up_ns and
 * dark lasts mean_dark_ns on average.
 */
float belief_drift(float log_odds, int64_t dt_ns, int64_t mean_up_ns, int64_t mean_dark_ns);

#endif
