/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/quality.h"

#include <math.h>

#define HALF_LIFE_NS (10 * BW_S)
#define FAITH 8 /* a good line is assumed, with the weight of so many replies */
#define SHARE_MIN 0.1F

/* What is left at NOW of what was counted. */
static float faded(const struct quality *quality, float count, struct bw_mono now)
{
	int64_t elapsed = bw_mono_since(now, quality->counted);

	return count * exp2f(-(float)elapsed / (float)HALF_LIFE_NS);
}

void quality_count(struct quality *quality, float expected, float replied, struct bw_mono now)
{
	quality->expected = faded(quality, quality->expected, now) + expected;
	quality->replied = faded(quality, quality->replied, now) + replied;
	quality->counted = now;
}

float quality_share(const struct quality *quality, struct bw_mono now)
{
	float share = (faded(quality, quality->replied, now) + FAITH) /
		      (faded(quality, quality->expected, now) + FAITH);

	if (share > 1)
		return 1;
	return share > SHARE_MIN ? share : SHARE_MIN;
}
