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

/* The path of a store of SQLite, as the configuration has it. */
const char *collect_store_path(const struct collect_config *config);

/* Adds the place of the key to an error. Returns the error. */
int collect_store_at_key(const struct collect_config *config, struct bw_err *err);

#endif
