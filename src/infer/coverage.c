/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/coverage.h"

#include "infer/evidence/belief.h"

#define NATS_WANTED 15     /* weight of the silence of all responsive hot hosts: with less ... */
#define COLD_SHARE_FEW 0.5 /* ... this share of the rounds asks a cold host, ... */
#define COLD_SHARE 0.1     /* ... else this; */
#define NATS_POOR 10       /* with less than this ... */
#define COLD_POOR 2        /* ... each round asks this many, ... */
#define CANDIDATES_MANY 16 /* ... where there are at least so many candidates */

enum coverage coverage_of(const struct block *block)
{
	unsigned sure = hotlist_responsive(&block->hot);
	float nats = (float)sure * -belief_of_silence(hotlist_hot_rate(&block->hot));

	if (nats < NATS_POOR && block->hosts >= CANDIDATES_MANY)
		return COVERAGE_POOR;
	return nats < NATS_WANTED && sure < block->hosts ? COVERAGE_SHORT : COVERAGE_GOOD;
}

unsigned coverage_cold_probes(const struct block *block, double chance)
{
	if (block->verdict != BW_UP || block->hosts <= block->hot.count)
		return 0;
	switch (coverage_of(block)) {
	case COVERAGE_POOR:
		return COLD_POOR;
	case COVERAGE_SHORT:
		return chance < COLD_SHARE_FEW;
	case COVERAGE_GOOD:
		return chance < COLD_SHARE;
	}
	return 0;
}
