/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/hearing.h"

#include <math.h>

#include "infer/evidence/belief.h"

#define HEARD_FOR_NS (2 * 86400 * BW_S)
#define LONGEST_HALVES 5 /* 2.5 times as long */
#define TOO_LONG_MIN_NS (300 * BW_S)
#define HALF_HOUR_NS (1800 * BW_S)
#define HALF_HOURS 48 /* of a day */
#define ABOUT 4       /* hosts go to rest and wake so many half hours earlier or later */

static uint64_t half_hour(int64_t number)
{
	return UINT64_C(1) << number % HALF_HOURS;
}

/* The half hours between that of the last answer and that of NOW, if it is not the next day. */
static void note_silence(struct hearing *hearing, struct bw_mono now)
{
	int64_t last = hearing->last.ns / HALF_HOUR_NS, next = now.ns / HALF_HOUR_NS;

	if (next - last >= HALF_HOURS)
		return;
	for (int64_t i = last + 1; i < next; i++)
		hearing->silent |= half_hour(i);
}

void hearing_note(struct hearing *hearing, bool down, struct bw_mono now)
{
	int64_t silent_ns = bw_mono_since(now, hearing->last);

	if (hearing->first.ns == 0)
		hearing->first = now;
	if (hearing->last.ns != 0)
		note_silence(hearing, now);
	hearing->heard |= half_hour(now.ns / HALF_HOUR_NS);
	if (hearing->last.ns != 0 && !down && silent_ns > hearing->longest_ns)
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

bool hearing_is_usually_silent(const struct hearing *hearing, struct bw_mono now)
{
	int64_t at = now.ns / HALF_HOUR_NS + HALF_HOURS;
	uint64_t silent = hearing->silent & ~hearing->heard;

	for (int64_t i = at - ABOUT; i <= at + ABOUT; i++)
		if (silent & half_hour(i))
			return true;
	return false;
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
