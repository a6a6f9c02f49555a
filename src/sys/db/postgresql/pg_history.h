/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_HISTORY_H
#define SYS_DB_POSTGRESQL_PG_HISTORY_H

#include "collect/store.h"

/* Private to sys/db/postgresql: what vantages said of blocks. SELF: struct pg_store. */
int pg_history_put_claim(void *self, const struct store_claim *row, struct bw_err *err);
int pg_history_put_place(void *self, const struct store_place *row, struct bw_err *err);
int pg_history_put_conditions(void *self, const struct store_conditions *row, struct bw_err *err);
int pg_history_each_conditions(void *self,
			       int (*take)(void *arg, const struct store_conditions *row),
			       void *arg, struct bw_err *err);
int pg_history_put_kept(void *self, const struct store_kept *row, struct bw_err *err);
int pg_history_each_kept(void *self, int (*take)(void *arg, const struct store_kept *row),
			 void *arg, struct bw_err *err);
int pg_history_put_title(void *self, const char *target, const char *title, struct bw_err *err);
int pg_history_each_claim(void *self, int (*take)(void *arg, const struct store_claim *claim),
			  void *arg, struct bw_err *err);
int pg_history_each_place(void *self, int (*take)(void *arg, const struct store_place *place),
			  void *arg, struct bw_err *err);
int pg_history_each_title(void *self, int (*take)(void *arg, const char *target, const char *title),
			  void *arg, struct bw_err *err);
int pg_history_drop_claim(void *self, const struct store_claim *row, struct bw_err *err);

#endif
