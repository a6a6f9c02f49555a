/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_LINES_H
#define SYS_SPOOL_WRITE_SPOOL_LINES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Gives the lines of a file from byte FROM on to TAKE, each with its newline. What is longer than
 * any record, and an end without a newline, comes in pieces without one. Returns 0, -ENOMEM,
 * -errno, or what TAKE returns if that is negative.
 */
int spool_lines_read(int fd, uint64_t from,
		     int (*take)(void *self, const char *text, size_t length), void *self);

/* Writes all of it. Returns 0 or -errno. */
int spool_lines_write(int fd, const char *text, size_t length);

/*
 * Reads a whole file of at most MAX bytes; PATH is relative to FOLDER, as for openat(). Returns its
 * length, or -errno, -ENOMEM, -EFBIG.
 */
ssize_t spool_lines_load(int folder, const char *path, size_t max, char **ret_text);

#endif
