/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/evidence/loss.h"

#include <math.h>

#define HALF_LIFE_NS (10 * BW_S)
#define LONG_AGO_NS (40 * HALF_LIFE_NS)
#define PRIOR 8 /* no loss is assumed, with the weight of this many replies */
#define SHARE_MIN 0.1F

/* The share of the counts that is left at NOW. */
static float left(const struct loss *loss, struct bw_mono now)
{
	int64_t elapsed = bw_mono_since(now, loss->counted);

	return elapsed > LONG_AGO_NS ? 0 : exp2f(-(float)elapsed / (float)HALF_LIFE_NS);
}

void loss_count(struct loss *loss, float expected, float replied, struct bw_mono now)
{
	float keep = left(loss, now);

	loss->expected = loss->expected * keep + expected;
	loss->replied = loss->replied * keep + replied;
	loss->counted = now;
}

float loss_delivered(const struct loss *loss, struct bw_mono now)
{
	float keep, share;

	if (loss->replied >= loss->expected) /* decay does not change that */
		return 1;
	keep = left(loss, now);
	share = (loss->replied * keep + PRIOR) / (loss->expected * keep + PRIOR);
	return share > SHARE_MIN ? share : SHARE_MIN;
}
