/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_AGREEMENT_H
#define SYS_DB_POSTGRESQL_PG_AGREEMENT_H

#include "sys/db/postgresql/pg_store.h"

/*
 * Private to sys/db/postgresql: the text that all collectors over one database have alike. It
 * stands in the row of the table `collector`, and each session that has it shares an advisory lock:
 * who has the lock alone may write another one.
 */

/* The operation of the store (collect/store.h). */
int pg_agreement_reach(void *self, const char *text, char **ret_other, struct bw_err *err);

/*
 * A session is made anew. Returns 0 when the text still is that of this collector, or it has none
 * yet; BW_ERR_VALUE when it is another one; as the database.
 */
int pg_agreement_confirm(struct pg_db *db, struct bw_err *err);

#endif
