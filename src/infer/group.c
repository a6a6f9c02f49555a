/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/group.h"

bool group_excludes(unsigned reasons)
{
	return (reasons & BW_WHY_NEVER_SEEN) &&
	       !(reasons & ~(unsigned)(BW_WHY_NEVER_SEEN | BW_WHY_FEW_EVIDENCE));
}

static void count(struct group *group, enum bw_verdict verdict, unsigned reasons, uint32_t by)
{
	group->by_verdict[verdict] += by;
	if (verdict != BW_UNKNOWN)
		return;
	group->never_seen += group_excludes(reasons) ? by : 0;
	for (unsigned i = 0; i < BW_REASONS; i++)
		group->by_reason[i] += reasons & 1U << i ? by : 0;
}

void group_add(struct group *group, enum bw_verdict verdict, unsigned reasons)
{
	count(group, verdict, reasons, 1);
}

void group_remove(struct group *group, enum bw_verdict verdict, unsigned reasons)
{
	count(group, verdict, reasons, UINT32_MAX); /* -1 */
}

uint32_t group_total(const struct group *group)
{
	uint32_t total = 0;

	for (unsigned i = 0; i < BW_VERDICTS; i++)
		total += group->by_verdict[i];
	return total;
}

enum bw_verdict group_verdict(const struct group *group)
{
	if (group->by_verdict[BW_UP])
		return BW_UP;
	if (group->by_verdict[BW_FLAPPING])
		return BW_FLAPPING;
	if (group->by_verdict[BW_DARK] && group->by_verdict[BW_UNKNOWN] == group->never_seen)
		return BW_DARK;
	return BW_UNKNOWN;
}

unsigned group_reasons(const struct group *group)
{
	unsigned reasons = 0, others;

	for (unsigned i = 0; i < BW_REASONS; i++)
		reasons |= group->by_reason[i] ? 1U << i : 0;
	others = reasons & ~(unsigned)BW_WHY_NEVER_SEEN;
	return group->never_seen < group->by_verdict[BW_UNKNOWN] ? others : reasons;
}
