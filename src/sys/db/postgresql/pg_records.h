/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_RECORDS_H
#define SYS_DB_POSTGRESQL_PG_RECORDS_H

#include "sys/db/postgresql/pg_store.h"

/* Private to sys/db/postgresql: records and what was taken. SELF: struct pg_store. */
int pg_records_put(void *self, const struct store_record *row, struct bw_err *err);
int pg_records_put_seen(void *self, const struct store_seen *seen, struct bw_err *err);
int pg_records_each_seen(void *self,
			 int (*take)(void *arg, const char *vantage, const char *boot,
				     struct seq_range range),
			 void *arg, struct bw_err *err);

/* Drops one partition that is older, or deletes some rows of those that have none. */
int pg_records_forget_old(void *self, struct bw_wall before, bool *ret_more, struct bw_err *err);

/* Forgets the last boot and the partitions that are known: they may not be in the database. */
void pg_records_forget(struct pg_store *store);

#endif
