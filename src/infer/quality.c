/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/quality.h"

#include <math.h>

#define HALF_LIFE_NS (10 * BW_S)
#define FAITH 4 /* a good line is assumed with the weight of so many replies */
#define SHARE_MIN 0.1F

void quality_count(struct quality *quality, float expected, float replied, struct bw_mono now)
{
	int64_t elapsed = bw_mono_since(now, quality->counted);
	float keep = exp2f(-(float)elapsed / (float)HALF_LIFE_NS);

	quality->expected = quality->expected * keep + expected;
	quality->replied = quality->replied * keep + replied;
	quality->counted = now;
}

float quality_share(const struct quality *quality)
{
	float share = (quality->replied + FAITH) / (quality->expected + FAITH);

	if (share > 1)
		return 1;
	return share > SHARE_MIN ? share : SHARE_MIN;
}
