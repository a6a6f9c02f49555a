/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CHANCE_H
#define BASE_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"

/*
 * Random quantities of two kinds. Functions that take a key or bits are pure: they
 * hash their arguments, so the same arguments give the same answer at any time and
 * in any order. Functions that take a generator draw from it.
 */

/* The key of a part within a whole: of a host in its block, of a block in its world. */
static inline uint64_t chance_key(uint64_t whole, uint64_t part)
{
	return rng_mix(whole ^ rng_mix(part + UINT64_C(0x632be59bd9b4e019)));
}

/* A uniform number in [0, 1) from 64 random bits. */
static inline double chance_unit(uint64_t bits)
{
	return (double)(bits >> 11) * 0x1p-53;
}

/* Returns true with probability P. Draws a number only when 0 < P < 1. */
bool chance_hit(struct rng *rng, double p);

/*
 * Whether a two-state Markov chain is in its first state at AT_NS. The chain is in
 * that state for SHARE of the time. Its autocorrelation falls to 1/e in TAU_NS, which
 * is above 0. Pure: the answer depends on the arguments alone.
 */
bool chance_state(uint64_t key, int64_t at_ns, int64_t tau_ns, double share);

/* A standard normal number from two independent uniform numbers in [0, 1). */
double chance_normal(double a, double b);

/* Draws: log-normal of a median and sigma, exponential of a mean, uniform in [low, high]. */
int64_t chance_lognormal(struct rng *rng, double median, double sigma);
int64_t chance_exponential(struct rng *rng, int64_t mean);
int64_t chance_between(struct rng *rng, int64_t low, int64_t high);

#endif
