/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/evidence/fading.h"

#include <math.h>

#include <blockwatch/time.h>

#define DAY_NS (86400.0 * (double)BW_S)

float fading_gone(int64_t age_ns)
{
	double days = (double)age_ns / DAY_NS;

	return days <= 0 ? 0 : (float)(1 - exp2(-days / FADING_HALF_LIFE_DAYS));
}

float fading_availability(float availability, float gone, unsigned silences)
{
	float silent = (1 - gone) * powf(1 - availability, (float)silences);

	return silent <= 0 && gone <= 0 ? availability : availability * silent / (gone + silent);
}
