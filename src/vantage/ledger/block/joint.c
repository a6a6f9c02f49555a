/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/joint.h"

#include <math.h>

#include "infer/evidence/belief.h"

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

void joint_note(struct joint *joint, const struct infer_params *params, float penalty, bool down,
		struct bw_mono at)
{
	if (down == joint->down)
		return;
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

void joint_forget(struct joint *joint)
{
	joint->nats = 0;
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
