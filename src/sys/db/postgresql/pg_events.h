/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_EVENTS_H
#define SYS_DB_POSTGRESQL_PG_EVENTS_H

#include "collect/store.h"

/* Private to sys/db/postgresql: events and what was told. SELF: struct pg_store. */
int pg_events_put(void *self, uint64_t id, int64_t time_ns, const char *text, struct bw_err *err);
int pg_events_before(void *self, uint64_t before, uint64_t limit,
		     int (*take)(void *arg, uint64_t id, const char *text), void *arg,
		     struct bw_err *err);
int pg_events_after(void *self, uint64_t after, uint64_t limit,
		    int (*take)(void *arg, uint64_t id, const char *text), void *arg,
		    struct bw_err *err);
int pg_events_last(void *self, uint64_t *ret_id, struct bw_err *err);
int pg_events_put_told(void *self, const struct store_told *told, struct bw_err *err);
int pg_events_get_told(void *self, struct store_told *row, struct bw_err *err);
int pg_events_forget(void *self, int64_t before_ns, bool *ret_more, struct bw_err *err);

#endif
