/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before a block is called dark, others are asked: a jury of a few blocks that
 * were up, drawn by lot, has its round at once. Their answers are the sign of life
 * without which a silent vantage may be the one that is cut off (sentinels.c).
 * What becomes of their first probes shows a burst of loss that hits everybody
 * (current_loss.c): of ten, two or less are lost by chance in a thousand cases but one, and
 * on a line that loses 60 % in one of eighty. Jurors are of other targets, if there
 * are enough of these; siblings may be dark themselves, and theirs count for nothing.
 * It costs each of them a probe or two of its hour, and only where a verdict is near.
 */
#include "vantage/state.h"

#define JURORS 10
#define UNRELATED 3 /* targets, from which on jurors are of others */
#define LOTS (4 * JURORS)
#define WAIT_NS (4 * BW_S) /* for their answers */

static bool may_serve(const struct vantage *v, uint32_t lot, uint32_t number)
{
	return v->blocks[lot].verdict == BW_UP && !round_of(v, lot) && !v->watches[lot].juror &&
	       (v->config.roster->target_count < UNRELATED ||
		vantage_target_of(v, lot) != vantage_target_of(v, number));
}

void control_group_summon(struct vantage *v, uint32_t number)
{
	uint32_t count = v->config.roster->block_count, jurors = 0;

	round_of(v, number)->jury = v->now.mono;
	for (unsigned i = 0; i < LOTS && jurors < JURORS; i++) {
		uint32_t lot = (uint32_t)rng_below(&v->rng, count);

		if (!may_serve(v, lot, number) || !schedule_urge(v, lot))
			continue;
		v->watches[lot].juror = v->config.roster->target_count >= UNRELATED;
		jurors++;
	}
	round_of(v, number)->jurors = jurors > 0;
}

void control_group_hear(struct vantage *v, struct round *round, const struct outcome *outcome)
{
	if (!round->juror || outcome->probe.tag != 0 || outcome->kind == OUTCOME_VOID)
		return;
	loss_count(&v->jury, round->x.list[0].availability, outcome->kind == OUTCOME_REPLY,
		   v->now.mono);
	round->juror = false;
}

bool control_group_is_out(const struct vantage *v, const struct round *round)
{
	return round->jurors && bw_mono_since(v->now.mono, round->jury) < WAIT_NS;
}
