/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vantage that lost its own network sees every block go silent. So the silence of a
 * block counts only if there is a sign of life of the same moment or later.
 *
 * A reply of a reference or of another block shows that the whole way out works. A reply
 * of the gateway shows the first hop only. It is accepted where no reference has ever
 * answered, because a vantage may watch only a few blocks and have no reference. Once a
 * reference has answered, its silence means something, and the gateway alone no longer
 * clears the vantage. An error of a router beyond the vantage's own network is accepted likewise.
 *
 * Where neither gateway nor reference answers, a cut of the uplink is inferred from the
 * number of expected replies that are missing since anything was heard.
 *
 * An observer to whom nearly everything is silent is an island itself: Baltra, Heidemann:
 * What is the Internet? (Considering partial connectivity), 2021.
 */
#include "infer/health.h"

#include <math.h>

#include <blockwatch/verdict.h>

/* Expected replies. A control group answers long before one block has cost as many probes. */
#define MISSED_MAX 10
#define DROP_SHARE 20 /* one packet in this many lost by the capture is too much */
#define DROPS_MIN 3   /* fewer lost replies do not explain the silence of a block */
#define DROPS_HALF_NS (15 * BW_S)

void health_init(struct health *health)
{
	*health = (struct health){.capture.half_at.ns = INT64_MIN};
	for (unsigned i = 0; i < HEALTH_SOURCES; i++)
		health->life[i].ns = INT64_MIN;
}

void health_answered(struct health *health, enum health_source source, struct bw_mono sent)
{
	health->seen[source] = true;
	health->missed = 0;
	if (health->life[source].ns < sent.ns)
		health->life[source] = sent;
}

void health_count_reference(struct health *health, bool replied, struct bw_mono now)
{
	loss_count(&health->loss, 1, replied, now);
	health->owed++;
	if (!replied)
		return;
	loss_count_lasting(&health->lasting, health->owed, 1, now);
	health->owed = 0;
}

float health_loss(const struct health *health, struct bw_mono now)
{
	return 1 - fminf(loss_delivered(&health->loss, now),
			 loss_delivered_lasting(&health->lasting, now));
}

void health_forget_loss(struct health *health, struct bw_mono now)
{
	health->loss = (struct loss){.counted = now};
	health->missed = health->owed = 0;
}

void health_missed(struct health *health, float expected)
{
	health->missed += expected;
}

bool health_is_deaf(const struct health *health)
{
	return health->missed >= MISSED_MAX && !health->seen[HEALTH_REFERENCE] &&
	       !health->seen[HEALTH_GATEWAY];
}

void health_drops(struct health *health, struct health_packets counted, struct bw_mono now)
{
	struct health_capture *c = &health->capture;
	uint64_t lost, got;

	if (counted.captured < c->half.captured || counted.dropped < c->half.dropped)
		c->from = c->half = (struct health_packets){0};
	if (bw_mono_before(c->half_at, (struct bw_mono){now.ns - DROPS_HALF_NS + 1})) {
		c->from = c->half;
		c->half = counted;
		c->half_at = now;
	}
	lost = counted.dropped - c->from.dropped;
	got = counted.captured - c->from.captured;
	c->drops = lost >= DROPS_MIN && lost * DROP_SHARE > lost + got;
}

void health_inherit(struct health *health, const struct health *before)
{
	struct health_capture own = health->capture;

	*health = *before;
	health->capture = own;
}

bool health_hears_beyond(const struct health *health, struct bw_mono since)
{
	for (unsigned n = 0; n < HEALTH_SOURCES; n++)
		if (n != HEALTH_GATEWAY && bw_mono_before(since, health->life[n]))
			return true;
	return false;
}

static bool lives(const struct health *health, enum health_source source, struct bw_mono since)
{
	return health->seen[source] && !bw_mono_before(health->life[source], since);
}

unsigned health_reasons(const struct health *health, struct bw_mono since)
{
	unsigned drops = health->capture.drops ? BW_WHY_CAPTURE_DROPPED : 0;

	if (lives(health, HEALTH_REFERENCE, since) || lives(health, HEALTH_BLOCK, since))
		return drops;
	if (!health->seen[HEALTH_REFERENCE] &&
	    (lives(health, HEALTH_GATEWAY, since) || lives(health, HEALTH_LINE, since)))
		return drops;
	if (health->seen[HEALTH_REFERENCE] || health->seen[HEALTH_GATEWAY] ||
	    health->seen[HEALTH_BLOCK] || health->seen[HEALTH_LINE])
		return BW_WHY_VANTAGE_OFFLINE | drops;
	return BW_WHY_NO_SIGN_OF_LIFE | drops;
}
