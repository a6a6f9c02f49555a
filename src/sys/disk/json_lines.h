/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_JSON_LINES_H
#define SYS_DISK_JSON_LINES_H

#include "report/record/record.h"

/*
 * Records as JSON Lines to a file descriptor, each written at once, so that a
 * reader sees it when it was decided. Never a line cut short: short writes are
 * continued, and what a full disk has cut off a regular file is taken back. (Into
 * a pipe or socket that breaks in the middle of a line nobody reads any more.)
 * The first failure is remembered and ends the writing; later records are
 * counted as lost. SIGPIPE is the caller's to ignore.
 */
struct json_lines {
	int fd; /* the caller's, never closed here */
	int error;
	uint64_t written, lost;
	char line[RECORD_LINE_MAX];
};

void json_lines_init(struct json_lines *lines, int fd);

/* The sink that writes there; valid as long as LINES. */
struct record_sink json_lines_sink(struct json_lines *lines);

/*
 * One whole line, already encoded, with the same care. Returns 0 or -errno, and then
 * (of a regular file) nothing of the line has stayed.
 */
int json_lines_write(int fd, const char *line, size_t length);

/* 0, or the first failure: -errno, or BW_ERR_LIMIT for a record beyond RECORD_LINE_MAX. */
int json_lines_error(const struct json_lines *lines);

#endif
