/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_SEGMENT_H
#define SYS_SPOOL_WRITE_SPOOL_SEGMENT_H

#include "sys/spool/write/spool_job.h"

/* The segment that is being written. */
struct spool_segment {
	int fd; /* -1: none */
	uint64_t number, size;
	struct spool_group group; /* the last group, which is not complete */
	char *index;              /* lines of complete groups that no job has taken yet */
	size_t index_length, index_room;
	bool is_new; /* the folder is not on the disk with it yet */
};

/*
 * Opens segment NUMBER for appending behind SIZE bytes; NEW: makes it. Returns 0 or -errno.
 */
int spool_segment_open(struct spool_segment *segment, const struct spool_home *home,
		       uint64_t number, uint64_t size, bool is_new);

/* Closes it without a sync. Accepts one that is closed. */
void spool_segment_close(struct spool_segment *segment);

/* Appends a whole line, or nothing. Returns 0 or -errno. */
int spool_segment_append(struct spool_segment *segment, const struct spool_line *line);

/*
 * A job that syncs what was appended so far, and takes the index of it. ENDS: the last group is
 * complete, and the job closes the segment, which is closed for the caller. NULL: out of memory.
 */
struct spool_job *spool_segment_sync(struct spool_segment *segment, const struct spool_home *home,
				     bool ends);

/* Whether the file was removed by somebody else. */
bool spool_segment_is_gone(const struct spool_segment *segment);

#endif
