/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_STORE_H
#define APP_COLLECT_COLLECT_STORE_H

#include "app/collect/collect_config.h"
#include "collect/store.h"

/*
 * The database that "store" names. Returns 0, or what is wrong, with its place: BW_ERR_VALUE,
 * BW_ERR_PRIVILEGE, BW_ERR_UNAVAILABLE, -ENOMEM.
 */

/* Whether the user of this process could open and write it, as far as that can be told without
 * opening it. */
int collect_store_check(const struct collect_config *config, struct bw_err *err);

int collect_store_open(const struct collect_config *config, struct store *ret_store,
		       struct bw_err *err);

/* Copies it to a file, which is replaced, and says so; of SQLite only. Returns as
 * sqlite_store_backup(), or BW_ERR_USAGE for a folder and for the database itself. */
int collect_store_backup(const struct collect_config *config, const char *to, struct bw_err *err);

/* Replaces it by such a copy, and says so. Returns as sqlite_store_restore(), or BW_ERR_USAGE. */
int collect_store_restore(const struct collect_config *config, const char *from,
			  struct bw_err *err);

#endif
