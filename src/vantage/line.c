/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How good is the line just now? On one that loses much, silence means little, and
 * nothing new is called dark. Counted twice, over all blocks and over those of
 * one target, because the loss may be anywhere on the way; the worse counts.
 */
#include "vantage/state.h"

#define QUALITY_GOOD 0.7F

void line_count(struct vantage *v, uint32_t number, const struct excursion *x)
{
	float replied = (float)excursion_count(x, EVIDENCE_REPLY), expected = 0;

	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == EVIDENCE_REPLY || x->list[i].state == EVIDENCE_SILENT ||
		    x->list[i].state == EVIDENCE_WAITING)
			expected += x->list[i].availability;
	quality_count(&v->blind.line, expected, replied, v->now.mono);
	quality_count(&v->targets[vantage_target_of(v, number)].line, expected, replied,
		      v->now.mono);
}

float line_quality(const struct vantage *v, uint32_t number)
{
	float all = quality_share(&v->blind.line);
	float own = quality_share(&v->targets[vantage_target_of(v, number)].line);

	return own < all ? own : all;
}

bool line_is_bad(const struct vantage *v, uint32_t number)
{
	return line_quality(v, number) < QUALITY_GOOD;
}
