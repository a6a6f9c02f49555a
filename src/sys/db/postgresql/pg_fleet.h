/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_FLEET_H
#define SYS_DB_POSTGRESQL_PG_FLEET_H

#include "collect/store.h"

/*
 * Private to sys/db/postgresql: vantages: where each is read to, when it was heard of and was fit,
 * what connected it, and the quorum. SELF: struct pg_store.
 */
int pg_fleet_put_vantage(void *self, const struct store_vantage *row, struct bw_err *err);
int pg_fleet_put_boot(void *self, const struct store_boot *row, struct bw_err *err);
int pg_fleet_each_boot(void *self, int (*take)(void *arg, const struct store_boot *row), void *arg,
		       struct bw_err *err);
int pg_fleet_put_heard(void *self, const struct store_heard *row, struct bw_err *err);
int pg_fleet_put_health(void *self, const struct store_health *row, struct bw_err *err);
int pg_fleet_drop_health(void *self, const char *vantage, int64_t at_ns, struct bw_err *err);
int pg_fleet_put_upstream(void *self, const struct store_upstream *row, struct bw_err *err);
int pg_fleet_put_term(void *self, const struct store_term *row, struct bw_err *err);
int pg_fleet_each_vantage(void *self, int (*take)(void *arg, const struct store_vantage *row),
			  void *arg, struct bw_err *err);
int pg_fleet_each_heard(void *self, int (*take)(void *arg, const struct store_heard *row),
			void *arg, struct bw_err *err);
int pg_fleet_each_health(void *self, int (*take)(void *arg, const struct store_health *row),
			 void *arg, struct bw_err *err);
int pg_fleet_each_upstream(void *self, int (*take)(void *arg, const struct store_upstream *row),
			   void *arg, struct bw_err *err);
int pg_fleet_each_term(void *self, int (*take)(void *arg, const struct store_term *row), void *arg,
		       struct bw_err *err);

#endif
