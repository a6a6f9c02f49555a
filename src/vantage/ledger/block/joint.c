/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/joint.h"

#include <math.h>

#include "infer/evidence/belief.h"

#define HEARD_FOR_NS (2 * 86400 * BW_S)
#define LONGEST_HALVES 5 /* 2.5 times as long */
#define TOO_LONG_MIN_NS (300 * BW_S)
#define LATE_SHARE 0.1F /* of all answers: fewer than these are not waited for */
#define ANSWERS_GUESS 8 /* at first none is late, with the weight of so many answers */
#define ANSWERS_MAX 120 /* an answer counts for one in so many, and the guess */
#define LATE_GAIN 2     /* how late they come rises by half, ... */
#define LATE_FADES 64   /* ... and falls by a 64th of the difference: late_ns is near .85 of all */
#define PATIENCE_MORE 8 /* waited for an eighth longer */
#define PATIENCE_MAX_NS (45 * BW_S)

bool joint_is_down(const struct block *blocks, struct roster_range range)
{
	uint32_t down = 0;

	for (uint32_t i = range.first; i < range.end; i++) {
		if (block_is_down(&blocks[i]))
			down++;
		else if (blocks[i].verdict != BW_UNKNOWN || block_is_doubted(&blocks[i]))
			return false;
	}
	return down > 1;
}

/* All are silent since the last answer of any, which is before the last of them is found down. */
static struct bw_mono silent_from(const struct joint *joint, struct bw_mono at)
{
	return bw_mono_before(joint->since, joint->heard) ? bw_mono_min(joint->heard, at) : at;
}

void joint_note(struct joint *joint, const struct infer_params *params, float penalty, bool down,
		struct bw_mono at)
{
	if (down == joint->down)
		return;
	if (down)
		at = silent_from(joint, at);
	if (joint->since.ns != 0)
		flap_note(&joint->phases, params, penalty, !down, bw_mono_since(at, joint->since));
	joint->since = at;
	joint->down = down;
}

bool joint_is_dark(const struct joint *joint, const struct infer_params *params, struct bw_mono now)
{
	return joint->down && joint->since.ns != 0 &&
	       bw_mono_since(now, joint->since) > flap_shared_dark_after_ns(&joint->phases, params);
}

void joint_heard(struct joint *joint, bool down, struct bw_mono now)
{
	int64_t silent_ns = bw_mono_since(now, joint->heard);

	if (joint->first.ns == 0)
		joint->first = now;
	else if (joint->heard.ns != 0 && !down && silent_ns > joint->longest_ns)
		joint->longest_ns = silent_ns;
	joint->heard = now;
}

bool joint_is_too_long(const struct joint *joint, struct bw_mono now)
{
	int64_t silent_ns = bw_mono_since(now, joint->heard);

	return joint->heard.ns != 0 && bw_mono_since(joint->heard, joint->first) >= HEARD_FOR_NS &&
	       silent_ns > joint->longest_ns / 2 * LONGEST_HALVES && silent_ns > TOO_LONG_MIN_NS;
}

void joint_answered(struct joint *joint, const struct infer_params *params, int64_t rtt_ns)
{
	bool late = rtt_ns > params->timeout_ns;

	joint->answers += joint->answers < ANSWERS_MAX;
	joint->late += ((float)late - joint->late) / (float)(joint->answers + ANSWERS_GUESS);
	if (late && joint->late_ns == 0)
		joint->late_ns = rtt_ns;
	else if (late)
		joint->late_ns += (rtt_ns - joint->late_ns) /
				  (rtt_ns > joint->late_ns ? LATE_GAIN : LATE_FADES);
}

int64_t joint_patience_ns(const struct joint *joint)
{
	int64_t ns = joint->late_ns + joint->late_ns / PATIENCE_MORE;

	if (joint->late < LATE_SHARE)
		return 0;
	return ns < PATIENCE_MAX_NS ? ns : PATIENCE_MAX_NS;
}

void joint_forget(struct joint *joint)
{
	joint->nats = 0;
}

void joint_was_deaf(struct joint *joint)
{
	joint_forget(joint);
	line_forget_pending(&joint->line);
	joint->heard.ns = 0;
}

void joint_missed(struct joint *joint, float nats)
{
	joint->nats += fmaxf(nats, 0);
}

/* Before that, an outage of all was as likely as one that begins in the shortest round. */
float joint_belief(const struct joint *joint, const struct infer_params *params)
{
	return belief_log_odds(1 - (double)params->drift_min_ns / (double)params->mean_up_ns) -
	       joint->nats;
}
