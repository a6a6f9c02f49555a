/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TRUTH_CHANCE_H
#define SIM_TRUTH_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"

/* Random quantities: from hashes where they are truth, from a generator where they are luck. */

/* A key of a thing inside another: of a host in its block, of a block in its world. */
static inline uint64_t chance_key(uint64_t whole, uint64_t part)
{
	return rng_mix(whole ^ rng_mix(part + UINT64_C(0x632be59bd9b4e019)));
}

/* Uniform in [0, 1) of 64 random bits. */
static inline double chance_unit(uint64_t bits)
{
	return (double)(bits >> 11) * 0x1p-53;
}

/* True with chance P; draws only when 0 < P < 1. */
bool chance_hit(struct rng *rng, double p);

/*
 * Whether a two-state Markov chain is in its first state at AT: it is there
 * for SHARE of the time, and its memory falls to 1/e in TAU_NS (above 0). The
 * answer depends on the arguments alone.
 */
bool chance_state(uint64_t key, int64_t at_ns, int64_t tau_ns, double share);

/* Standard normal, from two independent uniforms in [0, 1). */
double chance_normal(double a, double b);

/* Log-normal of a median and sigma; exponential of a mean; uniform in [low, high]. */
int64_t chance_lognormal(struct rng *rng, double median, double sigma);
int64_t chance_exponential(struct rng *rng, int64_t mean);
int64_t chance_between(struct rng *rng, int64_t low, int64_t high);

#endif
