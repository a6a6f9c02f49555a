/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_WEBHOOKS_H
#define SYS_DB_SQLITE_WEBHOOKS_H

#include "collect/store.h"

/*
 * Private to sys/db: messages that wait for webhooks, and what these were last told, as operations
 * of a store. SELF: struct sqlite_db.
 */
int sqlite_webhooks_put(void *self, const struct store_message *message, struct bw_err *err);
int sqlite_webhooks_first(void *self, const char *webhook,
			  int (*take)(void *arg, const struct store_message *message), void *arg,
			  struct bw_err *err);
int sqlite_webhooks_drop(void *self, uint64_t number, struct bw_err *err);
int sqlite_webhooks_drop_superseded(void *self, const char *webhook, int64_t before_ns,
				    struct bw_err *err);
int sqlite_webhooks_each(void *self, int (*take)(void *arg, const char *webhook), void *arg,
			 struct bw_err *err);
int sqlite_webhooks_drop_all(void *self, const char *webhook, struct bw_err *err);
int sqlite_webhooks_put_told(void *self, const char *webhook, const char *topic, int value,
			     struct bw_err *err);
int sqlite_webhooks_get_told(void *self, const char *webhook, const char *topic, int *ret_value,
			     struct bw_err *err);

#endif
