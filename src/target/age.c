/* SPDX-License-Identifier: Apache-2.0 */
#include "target/age.h"

#include <stdio.h>

#define DAY_NS (86400 * BW_S)

int target_age_days(const struct bw_target *target, struct bw_wall now)
{
	char moment[BW_WALL_TEXT];
	struct bw_wall updated;

	if (!target->updated)
		return -1;
	snprintf(moment, sizeof(moment), "%.10sT00:00:00Z", target->updated);
	if (bw_wall_parse(moment, &updated) < 0)
		return -1;
	return now.ns < updated.ns ? 0 : (int)((now.ns - updated.ns) / DAY_NS);
}
