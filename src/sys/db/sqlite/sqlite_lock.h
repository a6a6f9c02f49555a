/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_LOCK_H
#define SYS_DB_SQLITE_LOCK_H

#include <blockwatch/err.h>

/*
 * The database at PATH, as sqlite_path_resolve() gives it, for one collector alone, until the
 * descriptor is closed. A second collector would know nothing of what the first takes. The lock is
 * a file beside the database (PATH.lock): SQLite has locks of its own in the database. Returns the
 * descriptor; BW_ERR_LIMIT for a path that is too long; or BW_ERR_UNAVAILABLE when another process
 * holds it or the file cannot be opened.
 */
int sqlite_lock_take(const char *path, struct bw_err *err);

#endif
