/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before a block is called dark, others are asked: a jury of a few blocks that
 * were up, drawn by lot, has its round at once. Their answers are the sign of life
 * without which a silent vantage may be the one that is cut off (sentinels.c),
 * and their silences show a burst of loss that hits everybody (line.c). It costs
 * each of them a probe or two of its hour, and only where a verdict is near.
 */
#include "vantage/state.h"

#define JURORS 6
#define LOTS (4 * JURORS)
#define WAIT_NS (4 * BW_S) /* for their answers */

void jury_summon(struct vantage *v, uint32_t number)
{
	uint32_t count = v->config.roster->block_count, jurors = 0;

	trial_of(v, number)->jury = v->now.mono;
	for (unsigned i = 0; i < LOTS && jurors < JURORS; i++) {
		uint32_t lot = (uint32_t)rng_below(&v->rng, count);

		if (v->blocks[lot].verdict == BW_UP && !trial_of(v, lot) && rounds_urge(v, lot))
			jurors++;
	}
	trial_of(v, number)->jurors = jurors > 0;
}

bool jury_is_out(const struct vantage *v, const struct trial *trial)
{
	return trial->jurors && bw_mono_since(v->now.mono, trial->jury) < WAIT_NS;
}
