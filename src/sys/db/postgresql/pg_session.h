/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_SESSION_H
#define SYS_DB_POSTGRESQL_PG_SESSION_H

#include "sys/db/postgresql/pg_db.h"

/*
 * Private to sys/db/postgresql: how a session begins.
 */

/* Connects; waits for it. NULL: out of memory. */
PGconn *pg_session_connect(const struct pg_url *url);

/*
 * Begins to connect without waiting, and goes on with it. *STATUS is PGRES_POLLING_WRITING at
 * first; it is PGRES_POLLING_OK or PGRES_POLLING_FAILED at the end.
 */
PGconn *pg_session_start(const struct pg_url *url);
void pg_session_poll(PGconn *connection, PostgresPollingStatusType *status);

/*
 * Sets a new connection up: the encoding, the schema, the locks (pg_peers.h), the stages. FIRST: it
 * is the first one of this process. Returns 0 or BW_ERR_UNAVAILABLE with a message.
 */
int pg_session_begin(struct pg_db *db, bool first, struct bw_err *err);

#endif
