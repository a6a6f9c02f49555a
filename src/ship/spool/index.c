/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/spool/index.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *or_none(const char *boot)
{
	return boot[0] ? boot : "-";
}

size_t index_format(const struct spool_group *group, char line[INDEX_LINE_MAX])
{
	int used = snprintf(line, INDEX_LINE_MAX,
			    "%" PRIu64 " %" PRIu64 " %08" PRIx32 " %s %" PRIu64 " %" PRId64
			    " %s %" PRIu64 " %" PRId64,
			    group->offset, group->length, group->crc, or_none(group->first_boot),
			    group->first_seq, group->first_time.ns, or_none(group->last_boot),
			    group->last_seq, group->last_time.ns);

	for (unsigned i = 0; i < SPOOL_TYPES; i++)
		used += snprintf(line + used, (size_t)(INDEX_LINE_MAX - used),
				 " %" PRIu64 ":%" PRIu64, group->sums.records[i],
				 group->sums.bytes[i]);
	used += snprintf(line + used, (size_t)(INDEX_LINE_MAX - used), "\n");
	return (size_t)used;
}

void index_read(struct index_reader *reader, const char *text, size_t length)
{
	size_t head = strlen(INDEX_HEAD);

	*reader = (struct index_reader){text, text + length, 0};
	if (length < head || memcmp(text, INDEX_HEAD, head) != 0)
		reader->end = reader->at;
	else
		reader->at += head;
}

/* The fields of one line, front to back; a wrong one makes the rest wrong. */
struct fields {
	char *at;
	bool wrong;
};

static uint64_t take_number(struct fields *fields, int base)
{
	char *end = fields->at;
	uint64_t number = 0;

	if (!fields->wrong && strchr("0123456789abcdef", *fields->at) && *fields->at)
		number = strtoull(fields->at, &end, base);
	fields->wrong = fields->wrong || end == fields->at || !strchr(" :\n", *end);
	fields->at = end + (*end != '\0' && *end != '\n');
	return number;
}

static void take_boot(struct fields *fields, char boot[SPOOL_GROUP_BOOT])
{
	size_t length = strcspn(fields->at, " \n");

	fields->wrong = fields->wrong || length == 0 || length >= SPOOL_GROUP_BOOT ||
			fields->at[length] != ' ';
	if (fields->wrong)
		return;
	memcpy(boot, fields->at, length);
	boot[length] = '\0';
	if (strcmp(boot, "-") == 0)
		boot[0] = '\0';
	fields->at += length + 1;
}

static bool scan_line(char *line, struct spool_group *group)
{
	struct fields fields = {line, false};

	*group = (struct spool_group){.offset = take_number(&fields, 10)};
	group->length = take_number(&fields, 10);
	group->crc = (uint32_t)take_number(&fields, 16);
	take_boot(&fields, group->first_boot);
	group->first_seq = take_number(&fields, 10);
	group->first_time.ns = (int64_t)take_number(&fields, 10);
	take_boot(&fields, group->last_boot);
	group->last_seq = take_number(&fields, 10);
	group->last_time.ns = (int64_t)take_number(&fields, 10);
	for (unsigned i = 0; i < SPOOL_TYPES; i++) {
		group->sums.records[i] = take_number(&fields, 10);
		group->sums.bytes[i] = take_number(&fields, 10);
	}
	return !fields.wrong && *fields.at == '\n';
}

bool index_next(struct index_reader *reader, struct spool_group *ret_group)
{
	size_t room = (size_t)(reader->end - reader->at);
	const char *newline = room ? memchr(reader->at, '\n', room) : NULL;
	size_t length = newline ? (size_t)(newline + 1 - reader->at) : 0;
	char line[INDEX_LINE_MAX];
	struct spool_group group;

	if (length == 0 || length >= sizeof(line))
		return false;
	memcpy(line, reader->at, length);
	line[length] = '\0';
	if (!scan_line(line, &group) || group.offset != reader->offset || group.length == 0 ||
	    group.length > UINT32_MAX)
		return false;
	reader->at += length;
	reader->offset += group.length;
	*ret_group = group;
	return true;
}
