/* SPDX-License-Identifier: Apache-2.0 */
#include "target/age.h"

#include <stdio.h>

#include "base/day.h"

int target_age_days(const struct bw_target *target, struct bw_wall now)
{
	char day[DAY_TEXT];
	struct bw_wall updated;

	if (!target->updated)
		return -1;
	snprintf(day, sizeof(day), "%.10s", target->updated);
	if (day_parse(day, &updated) < 0)
		return -1;
	return now.ns < updated.ns ? 0 : (int)((now.ns - updated.ns) / DAY_NS);
}
