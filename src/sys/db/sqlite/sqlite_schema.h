/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_SCHEMA_H
#define SYS_DB_SQLITE_SCHEMA_H

#include <blockwatch/err.h>

struct sqlite3;

/*
 * Brings a database, new or older, to the schema of this version, one step a version; all or
 * nothing. PATH is for messages. Returns 0; BW_ERR_PRIVILEGE for one
 * that this user cannot write; or BW_ERR_UNAVAILABLE.
 */
int sqlite_schema_apply(struct sqlite3 *db, const char *path, struct bw_err *err);

/*
 * Whether it is a whole database of a collector, of this version or an older one. Nothing is
 * changed. Returns 0; BW_ERR_VALUE when it is not; or BW_ERR_UNAVAILABLE when it cannot be read;
 * with a message.
 */
int sqlite_schema_check(struct sqlite3 *db, const char *path, struct bw_err *err);

#endif
