/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_FILE_H
#define TARGET_FILE_H

#include <stddef.h>

#include <blockwatch/err.h>

/* The name of standard input in messages, and of a list that is read from it. */
#define FILE_STDIN "stdin"
#define FILE_SIZE_MAX ((size_t)256 << 20) /* bytes of a target file, a list, a block list */

/*
 * Reads a whole file, a pipe too; "-" is standard input. The bytes are owned by the caller, with
 * a 0 behind the last. Returns 0; BW_ERR_MISSING when it cannot be opened or read
 * (the message has the system's words); BW_ERR_LIMIT beyond FILE_SIZE_MAX;
 * -ENOMEM.
 */
int file_read(const char *path, char **ret_bytes, size_t *ret_length, struct bw_err *err);

#endif
