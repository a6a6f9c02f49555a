/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_WRITABLE_H
#define SYS_DISK_WRITABLE_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * Whether a later open would work, without creating or changing anything. The answers are
 * for the effective user of this process.
 */

/*
 * A state directory: it must be a directory that can be written, or be missing in one.
 * Returns 0 or -errno with the path.
 */
int writable_directory(const char *path, struct bw_err *err);

/*
 * A file of records: a regular file that can be written, or missing; and its folder must be
 * writable, for rotation. Returns 0, BW_ERR_VALUE for something that is no regular file, or
 * -errno with the path.
 */
int writable_file(const char *path, struct bw_err *err);

/*
 * Whether two paths name one file, also one that does not exist yet. False when either
 * cannot be resolved.
 */
bool writable_is_same(const char *one, const char *other);

#endif
