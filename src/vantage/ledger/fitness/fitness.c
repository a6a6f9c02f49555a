/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/fitness/fitness.h"

#include <blockwatch/verdict.h>

#define LIFE_NS (6 * BW_S)   /* without an answer of a sentinel, beside the timeout: blind */
#define RECENT_NS (5 * BW_S) /* a healthy check has seen a sign of life since */
#define LINE_HOPS_MIN 3      /* as far as the first router that is hardly the vantage's own */
#define UNRELATED_MIN 2      /* targets that fall silent together: it is the vantage's uplink */

void fitness_init(struct fitness *fitness, struct bw_mono now)
{
	*fitness = (struct fitness){.awake = now, .begun = now, .counted.ns = INT64_MIN / 2};
	health_init(&fitness->health);
}

bool fitness_needs_blocks(const struct fitness *fitness)
{
	return fitness->targets >= UNRELATED_MIN && !fitness->health.seen[HEALTH_REFERENCE];
}

unsigned fitness_judge(const struct fitness *fitness, struct bw_mono since)
{
	const struct health *health = &fitness->health;
	unsigned reasons = health_reasons(health, since);

	if (!reasons && fitness_needs_blocks(fitness) &&
	    bw_mono_before(health->life[HEALTH_BLOCK], since))
		reasons = BW_WHY_VANTAGE_OFFLINE;
	return reasons;
}

static struct bw_mono life_since(int64_t timeout_ns, struct bw_mono now)
{
	return (struct bw_mono){now.ns - LIFE_NS - timeout_ns};
}

bool fitness_is_settled(const struct fitness *fitness, int64_t timeout_ns, struct bw_mono now)
{
	return !bw_mono_before(life_since(timeout_ns, now), fitness->awake);
}

unsigned fitness_lost(const struct fitness *fitness, int64_t timeout_ns, struct bw_mono now)
{
	const struct health *health = &fitness->health;

	if (fitness->reasons)
		return 0;
	if (!health->seen[HEALTH_REFERENCE] && !health->seen[HEALTH_GATEWAY])
		return health->capture.drops ? BW_WHY_CAPTURE_DROPPED : 0;
	return health_reasons(health, life_since(timeout_ns, now));
}

unsigned fitness_unheard(const struct fitness *fitness)
{
	return health_reasons(&fitness->health, fitness->begun) & ~(unsigned)BW_WHY_CAPTURE_DROPPED;
}

/* Senders begin with a TTL of 64, 128 or 255. The first hop is 1. */
static unsigned hops_away(uint8_t ttl)
{
	unsigned initial = ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;

	return initial - ttl + 1;
}

void fitness_take_error(struct fitness *fitness, const struct outcome *error)
{
	if (error->ttl && hops_away(error->ttl) >= LINE_HOPS_MIN)
		health_answered(&fitness->health, HEALTH_LINE, error->sent);
}

bool fitness_is_back(const struct fitness *fitness)
{
	return fitness->reasons && !fitness->held && !fitness_judge(fitness, fitness->since);
}

unsigned fitness_recent(const struct fitness *fitness, struct bw_mono now)
{
	struct bw_mono recent = {now.ns - RECENT_NS};

	return health_reasons(&fitness->health,
			      bw_mono_before(recent, fitness->awake) ? fitness->awake : recent);
}

void fitness_inherit(struct fitness *fitness, const struct fitness *before)
{
	health_inherit(&fitness->health, &before->health);
	fitness->reasons = before->reasons;
	fitness->held = before->held;
	fitness->begun = before->begun;
	fitness->told_unheard = before->told_unheard;
	fitness->since = before->since;
}

void fitness_find_blind(struct fitness *fitness, unsigned reasons)
{
	fitness->found |= reasons;
}

unsigned fitness_take_found(struct fitness *fitness)
{
	unsigned found = fitness->found;

	fitness->found = 0;
	return found;
}
