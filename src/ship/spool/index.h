/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SPOOL_INDEX_H
#define SHIP_SPOOL_INDEX_H

#include "ship/spool/spool_group.h"

/*
 * The index of a segment: text, its first line INDEX_HEAD, then a line a group:
 *
 *	OFFSET LENGTH CRC FIRST_BOOT FIRST_SEQ FIRST_NS LAST_BOOT LAST_SEQ LAST_NS TYPE...
 *
 * CRC is hexadecimal, times are nanoseconds since 1970, "-" is no boot. Each TYPE, in the order of
 * SPOOL_TYPE_LIST, is RECORDS:BYTES. A line is written when its group is on the disk, so that the
 * index never says more than the disk holds. It may say less.
 */
#define INDEX_HEAD "blockwatch/index/1\n"
#define INDEX_LINE_MAX 600           /* bytes, with the newline */
#define INDEX_MAX ((size_t)16 << 20) /* bytes of an index that is read */

/* Writes the line of GROUP. Returns its length. */
size_t index_format(const struct spool_group *group, char line[INDEX_LINE_MAX]);

struct index_reader {
	const char *at, *end; /* borrowed */
	uint64_t offset;      /* where the next group begins */
};

/* Begins to read an index. Without its first line it has no groups. */
void index_read(struct index_reader *reader, const char *text, size_t length);

/*
 * Reads the next group. Returns false at the end, and before a line that is damaged, cut short or
 * does not follow the one before.
 */
bool index_next(struct index_reader *reader, struct spool_group *ret_group);

#endif
