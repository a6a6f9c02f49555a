/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_COPY_H
#define APP_COLLECT_COLLECT_COPY_H

#include "app/collect/collect_config.h"

/*
 * Copies the database to a file, which is replaced, and says so; of SQLite only. Returns as
 * sqlite_store_backup(); or BW_ERR_USAGE for what is there and no regular file, for the database
 * and the files that SQLite and the collector keep beside it, and for a file that the configuration
 * names; nothing is touched then.
 */
int collect_copy_backup(const struct collect_config *config, const char *to, struct bw_err *err);

/*
 * Replaces the database by such a copy, and says so. Returns as sqlite_store_restore(); or
 * BW_ERR_USAGE for what is no regular file, for the database and for the files beside it.
 */
int collect_copy_restore(const struct collect_config *config, const char *from, struct bw_err *err);

#endif
