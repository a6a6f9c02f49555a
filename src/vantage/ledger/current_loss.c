/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How good is the line just now? On one that loses much, silence means little, and
 * nothing new is called dark. Counted over all blocks, over those of one target and
 * over the references, because the loss may be anywhere on the way, and over the
 * jurors; the worst counts. Of a block only what is asked in a round in which
 * it answers: one that is dark tells nothing of the line.
 */
#include <math.h>

#include "vantage/state.h"

#define LOSS_GOOD 0.85F

void current_loss_count(struct vantage *v, uint32_t number, const struct evidence_log *x)
{
	float replied = (float)evidence_count(x, EVIDENCE_REPLY), expected = 0;

	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == EVIDENCE_REPLY || x->list[i].state == EVIDENCE_SILENT ||
		    x->list[i].state == EVIDENCE_WAITING)
			expected += x->list[i].availability;
	loss_count(&v->line, expected, replied, v->now.mono);
	loss_count(&v->targets[vantage_target_of(v, number)].line, expected, replied, v->now.mono);
}

float current_loss_quality(const struct vantage *v, uint32_t number)
{
	const struct loss *lines[] = {&v->line, &v->targets[vantage_target_of(v, number)].line,
				      &v->health.loss, &v->jury};
	float worst = 1;

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		worst = fminf(worst, loss_delivered(lines[i], v->now.mono));
	return worst;
}

bool current_loss_is_bad(const struct vantage *v, uint32_t number)
{
	return current_loss_quality(v, number) < LOSS_GOOD;
}

void current_loss_forget(struct vantage *v)
{
	const struct loss good = {.counted = v->now.mono};

	v->line = v->jury = v->health.loss = good;
	for (uint32_t t = 0; t < v->config.roster->target_count; t++)
		v->targets[t].line = good;
}
