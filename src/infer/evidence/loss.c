/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/evidence/loss.h"

#include <math.h>

#define HALF_LIFE_NS (10 * BW_S)
#define LASTING_NS (1200 * BW_S)
#define LONG_AGO 40     /* half-lives */
#define PRIOR 8         /* no loss is assumed, with the weight of this many replies */
#define PRIOR_LASTING 4 /* the same for loss that lasts */
#define SHARE_MIN 0.1F

/* The share of the counts that is left at NOW. */
static float left(const struct loss *loss, struct bw_mono now, int64_t half_life_ns)
{
	int64_t elapsed = bw_mono_since(now, loss->counted);

	return elapsed > LONG_AGO * half_life_ns ? 0 : exp2f(-(float)elapsed / (float)half_life_ns);
}

static void count(struct loss *loss, float expected, float replied, struct bw_mono now, float keep)
{
	loss->expected = loss->expected * keep + expected;
	loss->replied = loss->replied * keep + replied;
	loss->counted = now;
}

static float delivered(const struct loss *loss, float keep, float prior)
{
	float share;

	if (loss->replied >= loss->expected) /* decay does not change that */
		return 1;
	share = (loss->replied * keep + prior) / (loss->expected * keep + prior);
	return share > SHARE_MIN ? share : SHARE_MIN;
}

void loss_count(struct loss *loss, float expected, float replied, struct bw_mono now)
{
	count(loss, expected, replied, now, left(loss, now, HALF_LIFE_NS));
}

float loss_delivered(const struct loss *loss, struct bw_mono now)
{
	return delivered(loss, left(loss, now, HALF_LIFE_NS), PRIOR);
}

void loss_count_lasting(struct loss *loss, float expected, float replied, struct bw_mono now)
{
	count(loss, expected, replied, now, left(loss, now, LASTING_NS));
}

float loss_delivered_lasting(const struct loss *loss, struct bw_mono now)
{
	return delivered(loss, left(loss, now, LASTING_NS), PRIOR_LASTING);
}
