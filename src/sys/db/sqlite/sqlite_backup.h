/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_BACKUP_H
#define SYS_DB_SQLITE_BACKUP_H

#include <blockwatch/err.h>

/*
 * Copies the database STORE, also while it is written, to TO, which is replaced when all is there.
 * The copy has the mode of STORE. One that is cut short leaves TO.part, which the next one to TO
 * replaces. Returns 0; BW_ERR_MISSING without STORE; BW_ERR_PRIVILEGE when the system refuses one
 * of the files; BW_ERR_LIMIT for a path that is too long; or BW_ERR_UNAVAILABLE, also while another
 * copy to TO is made, and for a STORE that sqlite_path_resolve() refuses; with a message and the
 * file.
 */
int sqlite_store_backup(const char *store, const char *to, struct bw_err *err);

/*
 * Puts a copy of FROM, a database that was backed up, in the place of the database STORE, or of
 * that to which it leads as a symbolic link; no collector may use it meanwhile. What SQLite keeps
 * beside the database (-wal, -shm) belongs to the one that is replaced and is removed. Owner and
 * mode stay; where there is no database yet, the owner is that of its folder. At every moment the
 * database is the former one or the copy, whole. Returns as sqlite_store_backup();
 * BW_ERR_VALUE for a FROM that is damaged or no database of a collector, or of a later version;
 * BW_ERR_UNAVAILABLE also for one that is no regular file, and while another collector uses STORE.
 */
int sqlite_store_restore(const char *from, const char *store, struct bw_err *err);

#endif
