/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_NEW_FILE_H
#define SYS_DISK_NEW_FILE_H

#include <stdio.h>

/*
 * A file that takes the place of an older one when it is complete: it is written as
 * PATH.tmp-XXXXXX (a name that cannot be guessed) and renamed. It keeps the permissions of the
 * older one. What is at PATH and no regular file (a device, a pipe, a link) is
 * written to in its place, and stays what it is.
 */
struct new_file {
	FILE *out;              /* to write to */
	char *path, *temporary; /* temporary NULL: written in place */
};

/* Returns 0 or -errno; after an error there is nothing to close. */
int new_file_open(struct new_file *file, const char *path);

/*
 * Closes the file and puts it in its place. WRITTEN is how writing went: when it is
 * negative, the new file is removed. Returns 0, WRITTEN or -errno.
 */
int new_file_close(struct new_file *file, int written);

/* Writes a text, and an end of line where it has none, as such a file. Returns 0 or -errno. */
int new_file_put(const char *path, const char *text);

#endif
