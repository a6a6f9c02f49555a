/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SPOOL_RECOVERY_H
#define SHIP_SPOOL_RECOVERY_H

#include "ship/spool/spool_group.h"

/*
 * Reads the end of a segment that its index does not cover, after a crash, or a whole segment
 * without an index. The good part ends with the last whole record whose sequence number follows:
 * it is higher than the one before it, or of another boot. Damaged lines before that stay, and
 * whoever reads the segment sets them aside.
 */
struct recovery {
	struct spool_group sure;  /* the good part of the last group */
	struct spool_group doubt; /* with the damaged lines that follow; sure begins it */
	uint64_t damaged;         /* lines that are no records, and stay */
	uint64_t pending;         /* of them, behind the last good record */
	/* Takes each group that is full. */
	void (*on_group)(void *self, const struct spool_group *group);
	void *self;
};

/* BEFORE is the group, or the sum of groups, that comes before; NULL: none. */
void recovery_init(struct recovery *recovery, const struct spool_group *before);

/* The next line with its newline, or a piece without one. */
void recovery_add(struct recovery *recovery, const char *text, size_t length);

/* Gives the last group to on_group, if it holds anything. Returns where the good part ends. */
uint64_t recovery_end(struct recovery *recovery);

/* Reads the line of a record for the spool. False: it is none. BOOT holds its boot id. */
bool recovery_scan(const char *text, size_t length, char boot[SPOOL_GROUP_BOOT],
		   struct spool_line *ret_line);

#endif
