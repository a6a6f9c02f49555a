/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/spool/recovery.h"

#include <string.h>

#include "ship/read/sound.h"

void recovery_init(struct recovery *recovery, const struct spool_group *before)
{
	*recovery = (struct recovery){.pending = 0};
	if (before) {
		spool_group_init(&recovery->sure, before->offset + before->length);
		memcpy(recovery->sure.last_boot, before->last_boot, SPOOL_GROUP_BOOT);
		recovery->sure.last_seq = before->last_seq;
	}
	recovery->doubt = recovery->sure;
}

bool recovery_scan(const char *text, size_t length, char boot[SPOOL_GROUP_BOOT],
		   struct spool_line *ret_line)
{
	struct ship_line line;

	*ret_line = (struct spool_line){.text = text,
					.length = length,
					.type = SPOOL_TYPES,
					.boot = ""};
	if (length < 2 || text[length - 1] != '\n' || ship_line_scan(text, length - 1, &line) < 0 ||
	    !sound_is_object(text, length - 1) ||
	    !ship_text_copy(&line.boot, boot, SPOOL_GROUP_BOOT))
		return false;
	ret_line->type = spool_type_of(&line.type);
	ret_line->boot = boot;
	ret_line->seq = line.seq;
	ret_line->time = ship_line_time(&line);
	return true;
}

static bool follows(const struct spool_group *group, const struct spool_line *line)
{
	return strcmp(group->last_boot, line->boot) != 0 || line->seq > group->last_seq;
}

static void begin_group(struct recovery *recovery)
{
	const struct spool_group before = recovery->sure;

	spool_group_init(&recovery->sure, before.offset + before.length);
	memcpy(recovery->sure.last_boot, before.last_boot, SPOOL_GROUP_BOOT);
	recovery->sure.last_seq = before.last_seq;
	recovery->doubt = recovery->sure;
}

void recovery_add(struct recovery *recovery, const char *text, size_t length)
{
	char boot[SPOOL_GROUP_BOOT];
	struct spool_line line;
	bool good = recovery_scan(text, length, boot, &line) && follows(&recovery->doubt, &line);

	if (!good) {
		line.seq = 0;
		recovery->pending++;
	}
	spool_group_add(&recovery->doubt, &line);
	if (!good)
		return;
	recovery->sure = recovery->doubt;
	recovery->damaged += recovery->pending;
	recovery->pending = 0;
	if (!spool_group_is_full(&recovery->sure))
		return;
	if (recovery->on_group)
		recovery->on_group(recovery->self, &recovery->sure);
	begin_group(recovery);
}

uint64_t recovery_end(struct recovery *recovery)
{
	uint64_t end = recovery->sure.offset + recovery->sure.length;

	if (recovery->sure.length > 0 && recovery->on_group)
		recovery->on_group(recovery->self, &recovery->sure);
	begin_group(recovery);
	return end;
}
