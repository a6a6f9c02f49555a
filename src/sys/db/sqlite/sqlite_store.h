/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_STORE_H
#define SYS_DB_SQLITE_STORE_H

#include "collect/store.h"

/*
 * The store of the collector in one SQLite file: write-ahead log, one writer. Opens or makes
 * it, and brings an older schema up to date. A symbolic link is followed. Returns 0;
 * BW_ERR_PRIVILEGE when this user cannot write it; BW_ERR_UNAVAILABLE with a message when it
 * cannot be opened, is no database, is of a later version, has a second name (a hard link) or is
 * used by another collector (its .lock).
 */
int sqlite_store_open(const char *path, struct store *ret_store, struct bw_err *err);

#endif
