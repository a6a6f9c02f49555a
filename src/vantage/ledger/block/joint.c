/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/joint.h"

#include <math.h>

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
	struct bw_mono heard = joint->hearing.last;

	return bw_mono_before(joint->since, heard) ? bw_mono_min(heard, at) : at;
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

void joint_count_evening(struct joint *joint, unsigned evening)
{
	joint->evenings++;
	joint->evening = evening;
}

void joint_forget(struct joint *joint)
{
	joint->nats = 0;
}

void joint_was_deaf(struct joint *joint)
{
	joint_forget(joint);
	line_forget_pending(&joint->line);
	hearing_was_deaf(&joint->hearing);
}

void joint_missed(struct joint *joint, float nats)
{
	joint->nats += fmaxf(nats, 0);
}

float joint_belief(const struct joint *joint, const struct infer_params *params)
{
	return hearing_belief(joint->nats, params);
}
