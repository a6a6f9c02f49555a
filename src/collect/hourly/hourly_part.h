/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_HOURLY_HOURLY_PART_H
#define COLLECT_HOURLY_HOURLY_PART_H

#include <blockwatch/prefix.h>

#include "base/array.h"
#include "base/cursor.h"
#include "collect/hourly/hourly_sum.h"
#include "report/record/record.h"

/*
 * What the block records of a request add to the hourly sums, as bytes: some eleven a record. It
 * is stored with the records, in their transaction, and brought into the days of its subjects later
 * (hourly_fold.h): so taking a record costs next to nothing, and its sums are as lasting as it is.
 *
 * The bytes are entries. A name (of the vantage, of the target) holds for the entries behind it.
 */
#define HOURLY_NAME 256 /* room for a name with its terminator */

/* A part that is being written. {0} is not one: hourly_part_init(). */
struct hourly_part {
	struct array bytes;
	char vantage[HOURLY_NAME], target[HOURLY_NAME]; /* that hold at its end */
	int64_t hour;
};

void hourly_part_init(struct hourly_part *part);
void hourly_part_fini(struct hourly_part *part);

/* Empties it; the memory stays. */
void hourly_part_clear(struct hourly_part *part);

/*
 * Adds a block record. One without a probe adds nothing: it tells of a change between rounds. Nor
 * do those with longer names and those from before 1970.
 * Returns 0 or -ENOMEM.
 */
int hourly_part_add(struct hourly_part *part, const struct record *record);

/* An entry that is read: a round of a block. */
struct hourly_entry {
	const char *vantage, *target; /* owned by the reader, until the next entry */
	struct bw_prefix block;
	uint8_t network_length; /* of its network, which contains it; at most that of the block */
	int64_t hour;           /* hours since 1970 */
	struct hourly_round round;
};

struct hourly_reader {
	struct cursor cursor;
	char vantage[HOURLY_NAME], target[HOURLY_NAME];
	int64_t hour;
};

void hourly_reader_init(struct hourly_reader *reader, const void *bytes, size_t length);

/* False: there is no other one, or what follows is damaged. */
bool hourly_reader_next(struct hourly_reader *reader, struct hourly_entry *ret_entry);

#endif
