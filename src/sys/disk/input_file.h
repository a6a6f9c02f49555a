/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_INPUT_FILE_H
#define SYS_DISK_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/time.h>

/*
 * Reads a large file front to back in pieces: "-" is standard input, gzip is unpacked. Nothing
 * but one piece is in memory.
 */
typedef int (*input_taker)(void *self, const char *bytes, size_t length, struct bw_err *err);

struct input_facts {
	char sha256[65];   /* of the bytes as they lie on the disk, hexadecimal */
	bool has_modified; /* false for what is no regular file */
	struct bw_wall modified;
};

/*
 * Gives all bytes of the file to TAKE. Returns 0; what TAKE returns; BW_ERR_MISSING when it
 * cannot be opened or read; BW_ERR_SYNTAX for gzip that is damaged or cut short; -ENOMEM. Errors
 * of this function have the file.
 */
int input_file_read(const char *path, input_taker take, void *self, struct input_facts *ret_facts,
		    struct bw_err *err);

/* "standard input" for "-", else the last part of the path. Borrowed from PATH. */
const char *input_file_name(const char *path);

#endif
