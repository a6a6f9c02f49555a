/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A silent vantage may be the one that is cut off: without a sign of life no silence is judged
 * (ledger/fitness). And a burst of loss that hits all blocks looks like an outage of one. So,
 * when a verdict is near, other blocks are asked. Of ten first probes, no more than two are
 * lost by chance in 999 cases of 1000; where 60 % is lost, as few as that in one case of 80.
 *
 * Controls are of other targets if there are enough of these. Siblings may be dark themselves,
 * so they give signs of life but are not counted as loss. Each control spends a probe or two
 * of its hour.
 */
#include "vantage/watch/round/control_group.h"

#define CONTROLS 10
#define UNRELATED 3 /* targets, from which on controls are of others */
#define DRAWS (4 * CONTROLS)
#define AWAIT_NS (4 * BW_S)

static bool are_unrelated(const struct ledger *l)
{
	return l->config.roster->target_count >= UNRELATED;
}

static bool may_serve(const struct ledger *l, const struct round_table *rounds, uint32_t drawn,
		      uint32_t block)
{
	return l->blocks[drawn].verdict == BW_UP && !round_table_find(rounds, drawn) &&
	       !l->tracks[drawn].control && ledger_way_of(l, drawn) == ledger_way_of(l, block) &&
	       (!are_unrelated(l) || ledger_target_of(l, drawn) != ledger_target_of(l, block));
}

void control_group_ask(struct schedule *schedule, const struct round_table *rounds, uint32_t block,
		       struct round *round)
{
	struct ledger *l = schedule->ledger;
	uint32_t count = l->config.roster->block_count, controls = 0;
	uint32_t draws = count < DRAWS ? count : DRAWS;
	struct permutation order = permutation_of(count, rng_u64(schedule->rng));

	round->controls_at = l->now.mono;
	for (uint32_t i = 0; i < draws && controls < CONTROLS; i++) {
		uint32_t drawn = (uint32_t)permutation_at(&order, i);

		if (!may_serve(l, rounds, drawn, block) || !schedule_urge(schedule, drawn))
			continue;
		l->tracks[drawn].control = are_unrelated(l);
		controls++;
	}
	round->has_controls = controls > 0;
}

void control_group_outcome(struct ledger *l, struct round *round, const struct outcome *outcome)
{
	if (!round->is_control || outcome->probe.tag != 0 || outcome->kind == OUTCOME_VOID)
		return;
	current_loss_count_control(&l->loss, outcome->probe.egress, round->x.list[0].availability,
				   outcome->kind == OUTCOME_REPLY, l->now.mono);
	round->is_control = false;
}

bool control_group_is_awaited(const struct round *round, struct bw_mono now)
{
	return round->has_controls && bw_mono_since(now, round->controls_at) < AWAIT_NS;
}
