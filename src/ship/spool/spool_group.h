/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SPOOL_SPOOL_GROUP_H
#define SHIP_SPOOL_SPOOL_GROUP_H

#include <stdbool.h>

#include "ship/spool/spool_type.h"

/*
 * A group of whole lines in a segment, the unit of its index: it ends with the line that makes it
 * SPOOL_GROUP_SIZE bytes or more.
 */
#define SPOOL_GROUP_SIZE ((uint64_t)64 << 10)
#define SPOOL_GROUP_BOOT 64 /* room for a boot id */

/* A line as the spool takes it. */
struct spool_line {
	const char *text; /* with its newline; borrowed */
	size_t length;
	unsigned type; /* enum spool_type; SPOOL_TYPES: no record, or of another type */
	const char *boot;
	uint64_t seq; /* 0: no record */
	struct bw_wall time;
};

struct spool_group {
	uint64_t offset, length; /* in the segment */
	uint32_t crc;            /* CRC-32C of its bytes */
	char first_boot[SPOOL_GROUP_BOOT], last_boot[SPOOL_GROUP_BOOT];
	uint64_t first_seq, last_seq; /* 0: no record is in it */
	struct bw_wall first_time, last_time;
	struct spool_sums sums;
};

/* An empty group that begins at OFFSET. */
void spool_group_init(struct spool_group *group, uint64_t offset);

/* Adds the bytes of a line, and counts it when it is a record. */
void spool_group_add(struct spool_group *group, const struct spool_line *line);

static inline bool spool_group_is_full(const struct spool_group *group)
{
	return group->length >= SPOOL_GROUP_SIZE;
}

/* The same without the CRC. */
void spool_group_count(struct spool_group *group, const struct spool_line *line);

/* Whether BYTES, of which there are group->length, are those that were written. */
bool spool_group_check(const struct spool_group *group, const void *bytes);

/* Adds GROUP, which follows behind ALL in the same segment, to ALL. The CRC is not kept. */
void spool_group_append(struct spool_group *all, const struct spool_group *group);

#endif
