/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/quality.h"

#include <math.h>

#define HALF_LIFE_NS (10 * BW_S)
#define LONG_AGO_NS (40 * HALF_LIFE_NS)
#define FAITH 8 /* a good line is assumed, with the weight of so many replies */
#define SHARE_MIN 0.1F

/* How much is left at NOW of what was counted. */
static float left(const struct quality *quality, struct bw_mono now)
{
	int64_t elapsed = bw_mono_since(now, quality->counted);

	return elapsed > LONG_AGO_NS ? 0 : exp2f(-(float)elapsed / (float)HALF_LIFE_NS);
}

void quality_count(struct quality *quality, float expected, float replied, struct bw_mono now)
{
	float keep = left(quality, now);

	quality->expected = quality->expected * keep + expected;
	quality->replied = quality->replied * keep + replied;
	quality->counted = now;
}

float quality_share(const struct quality *quality, struct bw_mono now)
{
	float keep, share;

	if (quality->replied >= quality->expected) /* however much has faded */
		return 1;
	keep = left(quality, now);
	share = (quality->replied * keep + FAITH) / (quality->expected * keep + FAITH);
	return share > SHARE_MIN ? share : SHARE_MIN;
}
