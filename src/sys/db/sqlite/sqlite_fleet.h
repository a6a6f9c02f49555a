/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_FLEET_H
#define SYS_DB_SQLITE_FLEET_H

#include "collect/store.h"

/*
 * Private to sys/db: what the history knows of vantages themselves: when each was heard of and was
 * fit, what connected it, and the quorum. SELF is a struct sqlite_db.
 */
int sqlite_fleet_put_boot(void *self, const struct store_boot *row, struct bw_err *err);
int sqlite_fleet_each_boot(void *self, int (*take)(void *arg, const struct store_boot *row),
			   void *arg, struct bw_err *err);
int sqlite_fleet_put_heard(void *self, const struct store_heard *row, struct bw_err *err);
int sqlite_fleet_put_health(void *self, const struct store_health *row, struct bw_err *err);
int sqlite_fleet_drop_health(void *self, const char *vantage, int64_t at_ns, struct bw_err *err);
int sqlite_fleet_put_upstream(void *self, const struct store_upstream *row, struct bw_err *err);
int sqlite_fleet_put_term(void *self, const struct store_term *row, struct bw_err *err);
int sqlite_fleet_each_heard(void *self, int (*take)(void *arg, const struct store_heard *row),
			    void *arg, struct bw_err *err);
int sqlite_fleet_each_health(void *self, int (*take)(void *arg, const struct store_health *row),
			     void *arg, struct bw_err *err);
int sqlite_fleet_each_upstream(void *self, int (*take)(void *arg, const struct store_upstream *row),
			       void *arg, struct bw_err *err);
int sqlite_fleet_each_term(void *self, int (*take)(void *arg, const struct store_term *row),
			   void *arg, struct bw_err *err);

#endif
