/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_PEERS_H
#define SYS_DB_POSTGRESQL_PG_PEERS_H

#include "sys/db/postgresql/pg_store.h"

/*
 * Private to sys/db/postgresql: several collectors over one database.
 *
 * The row of the table `collector` orders their transactions: each locks it at its beginning, and
 * one that changes what collectors keep in memory counts its `position` up. While others are
 * connected, the records of such a transaction stay in the table `admission` for PG_PEERS_KEEP
 * seconds, under that position. So each collector brings itself up to date from the positions after
 * its own, and notices when one of them is missing.
 *
 * Sessions hold two advisory locks: one that all share and that shows who is there, and one that a
 * single session has, the leader. A session that is lost loses both, and with them its transaction.
 */
#define PG_PEERS_KEEP "30" /* seconds; a collector that lags longer reads all anew */

/* A new session: shows that it is there and listens. */
int pg_peers_join(struct pg_db *db, struct bw_err *err);

/* Tries to lead. PATIENT: for a moment, for the session of a leader that is just ending. */
int pg_peers_try_to_lead(struct pg_db *db, bool patient, struct bw_err *err);

/* Keeps other collectors from changing the schema, or waits, until the transaction ends. */
int pg_peers_lock_schema(struct pg_db *db, bool *ret_alone, struct bw_err *err);

/* A transaction has begun: waits for those of others. */
int pg_peers_lock(struct pg_store *store, struct bw_err *err);

/* A record is admitted in this transaction. Returns 0 or -ENOMEM. */
int pg_peers_admit(struct pg_store *store, const struct store_record *row, struct bw_err *err);

/* Something else changes that collectors keep in memory: others read all anew. */
void pg_peers_break(struct pg_store *store);

/* Before the transaction is committed, and afterwards. */
int pg_peers_publish(struct pg_store *store, struct bw_err *err);
void pg_peers_keep(struct pg_store *store);

/* The transaction is thrown away. */
void pg_peers_drop(struct pg_store *store);

/*
 * Looks after all this, outside of a transaction: twice a second, and for news more often while
 * others are there. *NEXT_NS: not later again.
 */
void pg_peers_watch(struct pg_store *store, int64_t *next_ns);

/* Operations of the store. */
bool pg_peers_leads(void *self);
bool pg_peers_take_news(void *self);
int pg_peers_begin_load(void *self, struct bw_err *err);
void pg_peers_has_loaded(void *self);
int pg_peers_each_admission(void *self,
			    int (*take)(void *arg, const struct store_admission *admission),
			    void *arg, struct bw_err *err);

#endif
