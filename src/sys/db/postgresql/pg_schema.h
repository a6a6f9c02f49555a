/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_SCHEMA_H
#define SYS_DB_POSTGRESQL_PG_SCHEMA_H

#include "sys/db/postgresql/pg_db.h"

/*
 * Brings a database, new or older, to the schema of this version, one step a version; all or
 * nothing. Returns 0 or BW_ERR_UNAVAILABLE with a message.
 */
int pg_schema_apply(struct pg_db *db, struct bw_err *err);

/* Records of DAY (days since 1970) get a partition of their own, if they have none yet. */
int pg_schema_add_day(struct pg_db *db, int64_t day, struct bw_err *err);

#endif
