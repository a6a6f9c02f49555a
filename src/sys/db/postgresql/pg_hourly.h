/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_HOURLY_H
#define SYS_DB_POSTGRESQL_PG_HOURLY_H

#include "collect/store.h"

/* Private to sys/db/postgresql: the hourly sums. SELF is a struct pg_store. */
int pg_hourly_put_part(void *self, const void *bytes, size_t length, struct bw_err *err);
int pg_hourly_each_part(void *self, int (*take)(void *arg, const void *bytes, size_t length),
			void *arg, struct bw_err *err);
int pg_hourly_take_parts(void *self, size_t most,
			 int (*take)(void *arg, const void *bytes, size_t length), void *arg,
			 bool *ret_more, struct bw_err *err);
int pg_hourly_put_day(void *self, const struct store_hourly *row, struct bw_err *err);
int pg_hourly_get_days(void *self, const struct store_hourly *keys, size_t count,
		       int (*take)(void *arg, size_t n, const void *bytes, size_t length),
		       void *arg, struct bw_err *err);
int pg_hourly_each_day(void *self, const struct store_hourly *key,
		       int (*take)(void *arg, const struct store_hourly *row), void *arg,
		       struct bw_err *err);
int pg_hourly_days(void *self, int64_t *ret_first, int64_t *ret_last, struct bw_err *err);
int pg_hourly_forget_days(void *self, int64_t day, bool *ret_more, struct bw_err *err);

#endif
