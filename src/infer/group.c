/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/group.h"

void group_add(struct group *group, enum bw_verdict verdict, unsigned reasons)
{
	group->of[verdict]++;
	if (verdict != BW_UNKNOWN)
		return;
	group->reasons |= reasons;
	group->silent += reasons == BW_WHY_NEVER_SEEN;
}

uint32_t group_total(const struct group *group)
{
	uint32_t total = 0;

	for (unsigned i = 0; i < BW_VERDICTS; i++)
		total += group->of[i];
	return total;
}

enum bw_verdict group_verdict(const struct group *group)
{
	if (group->of[BW_UP])
		return BW_UP;
	if (group->of[BW_FLAPPING])
		return BW_FLAPPING;
	if (group->of[BW_DARK] && group->of[BW_UNKNOWN] == group->silent)
		return BW_DARK;
	return BW_UNKNOWN;
}

unsigned group_reasons(const struct group *group)
{
	unsigned others = group->reasons & ~(unsigned)BW_WHY_NEVER_SEEN;

	return others ? others : group->reasons;
}
