/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/spool/spool_group.h"

#include <stdio.h>
#include <string.h>

#include "base/crc32c.h"

void spool_group_init(struct spool_group *group, uint64_t offset)
{
	*group = (struct spool_group){.offset = offset};
}

static void copy_boot(char to[SPOOL_GROUP_BOOT], const char *boot)
{
	snprintf(to, SPOOL_GROUP_BOOT, "%s", boot);
}

void spool_group_add(struct spool_group *group, const struct spool_line *line)
{
	group->crc = crc32c(group->crc, line->text, line->length);
	spool_group_count(group, line);
}

void spool_group_count(struct spool_group *group, const struct spool_line *line)
{
	group->length += line->length;
	if (line->seq == 0)
		return;
	if (group->first_seq == 0) {
		copy_boot(group->first_boot, line->boot);
		copy_boot(group->last_boot, line->boot);
		group->first_seq = line->seq;
		group->first_time = line->time;
	} else if (strcmp(group->last_boot, line->boot) != 0) {
		copy_boot(group->last_boot, line->boot);
	}
	group->last_seq = line->seq;
	group->last_time = line->time;
	if (line->type < SPOOL_TYPES) {
		group->sums.records[line->type]++;
		group->sums.bytes[line->type] += line->length;
	}
}

bool spool_group_check(const struct spool_group *group, const void *bytes)
{
	return crc32c(0, bytes, group->length) == group->crc;
}

void spool_group_append(struct spool_group *all, const struct spool_group *group)
{
	if (all->first_seq == 0) {
		copy_boot(all->first_boot, group->first_boot);
		all->first_seq = group->first_seq;
		all->first_time = group->first_time;
	}
	if (group->last_seq > 0) {
		copy_boot(all->last_boot, group->last_boot);
		all->last_seq = group->last_seq;
		all->last_time = group->last_time;
	}
	all->length += group->length;
	spool_sums_add(&all->sums, &group->sums);
}
