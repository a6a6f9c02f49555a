/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/group.h"

#include <assert.h>

bool group_excludes(unsigned reasons)
{
	return (reasons & BW_WHY_NEVER_SEEN) &&
	       !(reasons & ~(unsigned)(BW_WHY_NEVER_SEEN | BW_WHY_FEW_EVIDENCE));
}

/* BY: 1 or, to take away, UINT32_MAX (-1). */
static void count(struct group *group, enum bw_verdict verdict, unsigned reasons, uint32_t by)
{
	group->by_verdict[verdict] += by;
	if (verdict != BW_UNKNOWN)
		return;
	group->never_seen += group_excludes(reasons) ? by : 0;
	group->lost += reasons & GROUP_WAS_DARK ? by : 0;
	for (unsigned i = 0; i < BW_REASONS; i++)
		group->by_reason[i] += reasons & 1U << i ? by : 0;
}

static void count_block(struct group *group, enum bw_verdict verdict, unsigned reasons, uint32_t by)
{
	struct group_blocks *blocks = &group->blocks;

	assert(verdict < BW_BLOCK_VERDICTS);
	count(group, verdict, reasons, by);
	blocks->by_verdict[verdict] += by;
	if (verdict != BW_UNKNOWN)
		return;
	blocks->never_seen += group_excludes(reasons) ? by : 0;
	blocks->lost += reasons & GROUP_WAS_DARK ? by : 0;
}

void group_add(struct group *group, enum bw_verdict verdict, unsigned reasons)
{
	count_block(group, verdict, reasons, 1);
}

void group_remove(struct group *group, enum bw_verdict verdict, unsigned reasons)
{
	count_block(group, verdict, reasons, UINT32_MAX);
}

/* Members and blocks that are not excluded. */
static uint32_t known(const struct group *group)
{
	return group_total(group) - group->never_seen;
}

static uint32_t known_blocks(const struct group *group)
{
	return group_total_blocks(group) - group->blocks.never_seen;
}

/* Whether all that is known of it is dark or was so when last known. */
static bool is_lost(const struct group *group)
{
	const struct group_blocks *blocks = &group->blocks;

	return blocks->lost && blocks->by_verdict[BW_DARK] + blocks->lost == known_blocks(group);
}

static void count_group(struct group *group, const struct group *member, uint32_t by)
{
	struct group_blocks *blocks = &group->blocks;

	count(group, group_verdict(member),
	      group_reasons(member) | (is_lost(member) ? GROUP_WAS_DARK : 0), by);
	for (unsigned i = 0; i < BW_BLOCK_VERDICTS; i++)
		blocks->by_verdict[i] += by * member->blocks.by_verdict[i];
	blocks->never_seen += by * member->blocks.never_seen;
	blocks->lost += by * member->blocks.lost;
}

void group_add_group(struct group *group, const struct group *member)
{
	count_group(group, member, 1);
}

void group_remove_group(struct group *group, const struct group *member)
{
	count_group(group, member, UINT32_MAX);
}

uint32_t group_total(const struct group *group)
{
	uint32_t total = 0;

	for (unsigned i = 0; i < BW_VERDICTS; i++)
		total += group->by_verdict[i];
	return total;
}

uint32_t group_total_blocks(const struct group *group)
{
	uint32_t total = 0;

	for (unsigned i = 0; i < BW_BLOCK_VERDICTS; i++)
		total += group->blocks.by_verdict[i];
	return total;
}

bool group_has_dark_part(const struct group *group)
{
	uint64_t dark = group->blocks.by_verdict[BW_DARK] + (uint64_t)group->blocks.lost;

	return dark && GROUP_PART * dark >= known_blocks(group);
}

/* Whether it is partly dark, by what is known just now. */
static bool is_partly_dark(const struct group *group)
{
	uint64_t dark = group->blocks.by_verdict[BW_DARK];

	return (group->by_verdict[BW_DARK] && known(group) <= GROUP_FEW) ||
	       (dark && GROUP_PART * dark >= known_blocks(group));
}

/* The same if all that was dark when last known still is. */
static bool was_partly_dark(const struct group *group)
{
	return (group->by_verdict[BW_DARK] + group->lost > 0 && known(group) <= GROUP_FEW) ||
	       group_has_dark_part(group);
}

/* Whether anything is known of any block just now. */
static bool has_verdict(const struct group *group)
{
	for (unsigned i = 0; i < BW_BLOCK_VERDICTS; i++)
		if (i != BW_UNKNOWN && group->blocks.by_verdict[i])
			return true;
	return false;
}

static bool is_dark(const struct group *group)
{
	const struct group_blocks *blocks = &group->blocks;

	return blocks->by_verdict[BW_DARK] &&
	       blocks->by_verdict[BW_DARK] + blocks->lost == known_blocks(group);
}

static enum bw_verdict up_or_flapping(const struct group *group)
{
	if (group->blocks.by_verdict[BW_UP])
		return BW_UP;
	return group->blocks.by_verdict[BW_FLAPPING] ? BW_FLAPPING : BW_UNKNOWN;
}

enum bw_verdict group_verdict(const struct group *group)
{
	if (is_dark(group))
		return BW_DARK;
	if (is_partly_dark(group))
		return BW_PARTLY_DARK;
	return was_partly_dark(group) ? BW_UNKNOWN : up_or_flapping(group);
}

enum bw_verdict group_verdict_held(const struct group *group)
{
	if (is_dark(group))
		return BW_DARK;
	if (!has_verdict(group))
		return BW_UNKNOWN;
	return was_partly_dark(group) ? BW_PARTLY_DARK : up_or_flapping(group);
}

unsigned group_reasons(const struct group *group)
{
	unsigned reasons = 0, others;

	for (unsigned i = 0; i < BW_REASONS; i++)
		reasons |= group->by_reason[i] ? 1U << i : 0;
	others = reasons & ~(unsigned)BW_WHY_NEVER_SEEN;
	return group->never_seen < group->by_verdict[BW_UNKNOWN] ? others : reasons;
}
