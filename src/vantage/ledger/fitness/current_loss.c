/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/fitness/current_loss.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define DELIVERED_GOOD 0.85F

int current_loss_init(struct current_loss *loss, uint32_t target_count)
{
	*loss = (struct current_loss){.target_count = target_count};
	loss->targets = calloc(target_count + 1, sizeof(*loss->targets));
	return loss->targets ? 0 : -ENOMEM;
}

void current_loss_fini(struct current_loss *loss)
{
	free(loss->targets);
}

void current_loss_count(struct current_loss *loss, struct current_loss_of of,
			const struct evidence_log *x, struct bw_mono now)
{
	unsigned replies = evidence_count(x, EVIDENCE_REPLY);
	float expected = 0;

	if (replies == 0)
		return;
	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == EVIDENCE_REPLY || x->list[i].state == EVIDENCE_SILENT ||
		    x->list[i].state == EVIDENCE_WAITING)
			expected += x->list[i].availability;
	loss_count(&loss->all[of.way], expected, (float)replies, now);
	loss_count(&loss->targets[of.target], expected, (float)replies, now);
}

void current_loss_count_control(struct current_loss *loss, unsigned way, float expected,
				bool replied, struct bw_mono now)
{
	loss_count(&loss->controls[way], expected, replied, now);
}

float current_loss_delivered(const struct current_loss *loss, const struct loss *references,
			     struct current_loss_of of, struct bw_mono now)
{
	const struct loss *all[] = {&loss->all[of.way], &loss->targets[of.target], references,
				    &loss->controls[of.way]};
	float worst = 1;

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		worst = fminf(worst, loss_delivered(all[i], now));
	return worst;
}

bool current_loss_is_bad(float delivered)
{
	return delivered < DELIVERED_GOOD;
}

void current_loss_forget(struct current_loss *loss, unsigned way, struct bw_mono now)
{
	const struct loss none = {.counted = now};

	loss->all[way] = loss->controls[way] = none;
	for (uint32_t t = 0; t < loss->target_count; t++)
		loss->targets[t] = none;
}
