/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/staleness.h"

#include "app/common/log.h"
#include "target/age.h"

void staleness_warn(const struct bw_target *target, int64_t stale_after_ns, struct bw_wall now)
{
	int age = target_age_days(target, now);
	int limit = (int)(stale_after_ns / (86400 * BW_S));

	if (age > limit)
		log_warn("%s was updated %d days ago (%.10s), more than %d: networks and hosts "
			 "move; build it anew, or ask who answers ('blockwatch survey %s "
			 "--write FILE')",
			 target->file ? target->file : target->name, age, target->updated, limit,
			 target->name);
}
