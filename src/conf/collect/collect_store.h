/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_COLLECT_COLLECT_STORE_H
#define CONF_COLLECT_COLLECT_STORE_H

#include "conf/collect/collect.h"

/* Private to conf/collect: the value of "store". */

/* Whether it is "sqlite:PATH" or the URL of a PostgreSQL database; a relative path begins at the
 * folder of FILE. Returns 0, BW_ERR_VALUE with a message, or -ENOMEM. */
int collect_store_read(struct conf_collect *conf, const char *file, struct bw_err *err);

/* What may be printed of it: nothing of a user and a password. SIZE is of TEXT. */
void collect_store_print(const char *store, char *text, size_t size);

#endif
