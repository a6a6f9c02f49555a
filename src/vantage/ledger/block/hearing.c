/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/hearing.h"

#include <math.h>

#include "infer/evidence/belief.h"

#define HEARD_FOR_NS (2 * 86400 * BW_S)
#define LONGEST_HALVES 5 /* 2.5 times as long */
#define TOO_LONG_MIN_NS (300 * BW_S)

void hearing_note(struct hearing *hearing, bool down, struct bw_mono now)
{
	int64_t silent_ns = bw_mono_since(now, hearing->last);

	if (hearing->first.ns == 0)
		hearing->first = now;
	else if (hearing->last.ns != 0 && !down && silent_ns > hearing->longest_ns)
		hearing->longest_ns = silent_ns;
	hearing->last = now;
	hearing->nats = 0;
}

bool hearing_is_too_silent(const struct hearing *hearing, struct bw_mono now)
{
	int64_t silent_ns = bw_mono_since(now, hearing->last);

	return hearing->last.ns != 0 &&
	       bw_mono_since(hearing->last, hearing->first) >= HEARD_FOR_NS &&
	       silent_ns > hearing->longest_ns / 2 * LONGEST_HALVES && silent_ns > TOO_LONG_MIN_NS;
}

void hearing_missed(struct hearing *hearing, float nats, struct bw_mono now)
{
	if (!hearing_is_too_silent(hearing, now))
		hearing->nats += fmaxf(nats, 0);
}

/* Before that, an outage of all was as likely as one that begins in the shortest round. */
float hearing_belief(float nats, const struct infer_params *params)
{
	return belief_log_odds(1 - (double)params->drift_min_ns / (double)params->mean_up_ns) -
	       nats;
}

void hearing_was_deaf(struct hearing *hearing)
{
	hearing->nats = 0;
	hearing->last.ns = 0;
}
