/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts that are switched off in the evening do not fail independently, so that the product of
 * their availabilities makes a sleeping block dark with any confidence (FIELD.md 1.4: diurnal
 * blocks; 3: Quan, Heidemann, Pradkin, When the Internet Sleeps, IMC 2014). A block that is up
 * is therefore in one of two states, a Markov chain as that of the belief (FIELD.md 7.2, rule 3):
 *
 *   awake    each host answers with its learned availability
 *   at rest  hosts that are on go off within two hours on average, and hardly any other is on
 *
 * A silence counts for dark only as far as neither state explains it: the likelihood of what
 * was seen is the mean over both, weighted by the belief in them (evidence_belief()). What a
 * block answers while it is up moves that belief: a decline makes rest sure long before the last
 * host goes off. Hosts that answered minutes ago and are silent together are explained by
 * neither.
 */
#include "infer/evidence/rest.h"

#include <blockwatch/time.h>

#include "infer/evidence/belief.h"

#define HOUR_NS (3600 * BW_S)
#define MEAN_AWAKE_NS (24000 * HOUR_NS)
#define MEAN_AWAKE_MANY_NS (2400 * HOUR_NS)
#define COLD_MANY 0.4F
#define MEAN_EVENING_NS (14 * HOUR_NS)
#define BEFORE 3 /* double hours that an evening reaches before and after */
#define AFTER 3
#define HOURS 12 /* of two hours in a day */
#define HOUR2_NS (2 * HOUR_NS)
#define MEAN_REST_NS (8 * HOUR_NS)
#define MEAN_ON_NS (2 * HOUR_NS) /* of a host that answers while its block goes to rest */
#define COLD_SHARE 0.1F          /* of hosts not known to be on, against when awake */
#define STEPS 128.0F             /* a nat */
#define ZERO 2048

unsigned rest_hour(struct bw_mono now)
{
	return (unsigned)(now.ns / HOUR2_NS % HOURS) + 1;
}

bool rest_is_evening(unsigned hour, struct bw_mono now)
{
	unsigned later = (rest_hour(now) + HOURS - hour) % HOURS;

	return hour != 0 && (later <= AFTER || later >= HOURS - BEFORE);
}

int64_t rest_awake_ns(bool evening, float cold)
{
	if (evening)
		return MEAN_EVENING_NS;
	return cold < COLD_MANY ? MEAN_AWAKE_NS : MEAN_AWAKE_MANY_NS;
}

float rest_drift(float log_odds, int64_t awake_ns, int64_t elapsed_ns)
{
	if (log_odds == REST_NEVER || elapsed_ns <= 0)
		return log_odds;
	return belief_drift(log_odds, elapsed_ns, MEAN_REST_NS, awake_ns);
}

float rest_of_hot(float availability, int64_t age_ns)
{
	return age_ns <= 0 ? availability : availability * expf(-(float)age_ns / (float)MEAN_ON_NS);
}

float rest_of_cold(float availability)
{
	return COLD_SHARE * availability;
}

uint16_t rest_pack(float log_odds)
{
	float steps = roundf(log_odds * STEPS) + ZERO;

	return (uint16_t)fminf(fmaxf(steps, 0), REST_BITS);
}

float rest_unpack(uint16_t packed)
{
	return ((float)packed - ZERO) / STEPS;
}
