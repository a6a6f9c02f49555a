/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_BACKUP_H
#define SYS_DB_SQLITE_BACKUP_H

#include <blockwatch/err.h>

/*
 * Copies the database at FROM, also while it is written, to TO, which is replaced when all is
 * there. Returns 0 or BW_ERR_UNAVAILABLE with a message.
 */
int sqlite_store_backup(const char *from, const char *to, struct bw_err *err);

#endif
