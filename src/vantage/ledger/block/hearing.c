/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/hearing.h"

#include <math.h>

#include "infer/evidence/belief.h"

#define HEARD_FOR_NS (2 * 86400 * BW_S)
#define LONGEST_HALVES 5 /* 2.5 times as long */
#define TOO_LONG_MIN_NS (300 * BW_S)
#define HALF_HOUR_NS (1800 * BW_S)
#define HALF_HOURS 48 /* of a day */
#define DAY ((UINT64_C(1) << HALF_HOURS) - 1)
#define ABOUT 4       /* hosts go to rest and wake so many half hours earlier or later */

/* Rounded down: before the clock started, too. */
static int64_t number_of(int64_t ns)
{
	return ns / HALF_HOUR_NS - (ns % HALF_HOUR_NS < 0);
}

static unsigned of_day(int64_t number)
{
	return (unsigned)((number % HALF_HOURS + HALF_HOURS) % HALF_HOURS);
}

static uint64_t half_hour(int64_t number)
{
	return UINT64_C(1) << of_day(number);
}

/* The half hours between that of the last answer and that of NOW, if it is not the next day. */
static void note_silence(struct hearing *hearing, struct bw_mono now)
{
	int64_t last = number_of(hearing->last.ns), next = number_of(now.ns);

	if (next - last >= HALF_HOURS)
		return;
	if (last < hearing->deaf)
		last = hearing->deaf;
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
	hearing->heard |= half_hour(number_of(now.ns));
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
	int64_t at = number_of(now.ns);
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

void hearing_restore(struct hearing *hearing, struct bw_mono now, int64_t stopped_ns)
{
	struct bw_mono from = stopped_ns > HALF_HOUR_NS ? now : hearing->last;

	hearing->deaf = (int32_t)number_of(from.ns);
}

/* To and fro comes out where it was. */
uint64_t hearing_turn(uint64_t half_hours, int64_t by_ns)
{
	int64_t half = by_ns < 0 ? -HALF_HOUR_NS / 2 : HALF_HOUR_NS / 2;
	unsigned by = of_day((by_ns + half) / HALF_HOUR_NS);

	half_hours &= DAY;
	return by == 0 ? half_hours : (half_hours << by | half_hours >> (HALF_HOURS - by)) & DAY;
}
