/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_OUTAGES_H
#define SYS_DB_POSTGRESQL_PG_OUTAGES_H

#include "collect/store.h"

/*
 * Private to sys/db/postgresql: outages, and what vantages tell of them beside the verdict. SELF:
 * struct pg_store.
 */
int pg_outages_put(void *self, const struct store_outage *row, struct bw_err *err);
int pg_outages_each(void *self, int (*take)(void *arg, const struct store_outage *outage),
		    void *arg, struct bw_err *err);
int pg_outages_each_new(void *self, int (*take)(void *arg, const struct store_outage *outage),
			void *arg, struct bw_err *err);
int pg_outages_put_dark(void *self, const struct store_dark_event *row, struct bw_err *err);
int pg_outages_each_dark(void *self, int (*take)(void *arg, const struct store_dark_event *event),
			 void *arg, struct bw_err *err);
int pg_outages_drop(void *self, uint64_t id, struct bw_err *err);

#endif
