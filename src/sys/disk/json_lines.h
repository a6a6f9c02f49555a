/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_JSON_LINES_H
#define SYS_DISK_JSON_LINES_H

#include "report/record/record.h"

/*
 * Records as JSON Lines to a file descriptor. Each record is written at once. A line is
 * never cut short: a short write is continued, and in a regular file a piece that a full
 * disk has cut off is removed. The first error ends the writing; later records are counted
 * as lost. SIGPIPE must be ignored.
 */
struct json_lines {
	int fd;    /* of the caller, who closes it */
	int error; /* as json_lines_error() */
	uint64_t written, lost;
	char line[RECORD_LINE_MAX];
};

void json_lines_init(struct json_lines *lines, int fd);

/* Where records are put; valid as long as LINES. */
struct record_sink json_lines_sink(struct json_lines *lines);

/*
 * Writes one encoded line in the same way. Returns 0 or -errno; after an error a regular
 * file holds nothing of the line.
 */
int json_lines_write(int fd, const char *line, size_t length);

/* Returns 0 or the first error: -errno, or BW_ERR_LIMIT for a record that is too long. */
int json_lines_error(const struct json_lines *lines);

#endif
