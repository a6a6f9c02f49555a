/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_PATH_H
#define SYS_DB_SQLITE_PATH_H

#include <limits.h>

#include <blockwatch/err.h>

/*
 * The path of a database by which its files are found, also those beside it: symbolic links are
 * followed, also to a database that is not there yet, so that every name of it leads to one lock.
 * One that has several names by hard links is refused: SQLite would keep a log beside each. RET has
 * PATH_MAX bytes. Returns 0; BW_ERR_LIMIT for a path that is too long; or BW_ERR_UNAVAILABLE for
 * one that cannot be followed, several names, and what is there and no regular file (a folder is
 * left to who opens it).
 */
int sqlite_path_resolve(const char *path, char ret[PATH_MAX], struct bw_err *err);

/* PATH with ENDING behind it. Returns 0 or BW_ERR_LIMIT. */
int sqlite_path_beside(const char *path, const char *ending, char ret[PATH_MAX],
		       struct bw_err *err);

#endif
