/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/evidence/belief.h"

#include <math.h>

#define AVAILABILITY_MIN 0.01F
#define PROBABILITY_EDGE 1e-9

static float clamp_availability(float availability)
{
	if (!(availability > AVAILABILITY_MIN))
		return AVAILABILITY_MIN;
	return availability < BELIEF_AVAILABILITY_MAX ? availability : BELIEF_AVAILABILITY_MAX;
}

float belief_of_reply(float availability)
{
	return logf(clamp_availability(availability) / BELIEF_STRAY);
}

float belief_of_silence(float availability)
{
	return logf((1 - clamp_availability(availability)) / (1 - BELIEF_STRAY));
}

double belief_probability(float log_odds)
{
	return 1 / (1 + exp(-(double)log_odds));
}

float belief_log_odds(double probability)
{
	double p = fmin(fmax(probability, PROBABILITY_EDGE), 1 - PROBABILITY_EDGE);

	return (float)log(p / (1 - p));
}

float belief_drift(float log_odds, int64_t dt_ns, int64_t mean_up_ns, int64_t mean_dark_ns)
{
	double up = belief_probability(log_odds);
	double total = 1 / (double)mean_up_ns + 1 / (double)mean_dark_ns;
	double stay = exp(-(double)dt_ns * total);
	double settled = 1 / (double)mean_dark_ns / total; /* share of time up, in the long run */

	return belief_log_odds(settled + (up - settled) * stay);
}
