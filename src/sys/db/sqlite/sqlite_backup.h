/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_BACKUP_H
#define SYS_DB_SQLITE_BACKUP_H

#include <blockwatch/err.h>

/*
 * Copies the database at FROM, also while it is written, to TO, which is replaced when all is
 * there. The copy has the mode of FROM. Returns 0; BW_ERR_MISSING without FROM; BW_ERR_PRIVILEGE
 * when the system refuses one of the files; BW_ERR_LIMIT for a path that is too long;
 * or BW_ERR_UNAVAILABLE; with a message and the file.
 */
int sqlite_store_backup(const char *from, const char *to, struct bw_err *err);

/*
 * Puts a copy of FROM, a database that was backed up, in the place of the database at TO, which no
 * collector may use meanwhile. What SQLite keeps beside the database (-wal, -shm) belongs to the
 * one that is replaced and is removed. Owner and mode stay; where there is no database yet, the
 * owner is that of its folder. At every moment the database is the former one or the copy, whole.
 * Returns as sqlite_store_backup(); BW_ERR_UNAVAILABLE also for a FROM that is damaged or no
 * database of a collector, and while another collector uses TO.
 */
int sqlite_store_restore(const char *from, const char *to, struct bw_err *err);

#endif
