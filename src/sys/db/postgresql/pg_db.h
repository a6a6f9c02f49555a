/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_DB_H
#define SYS_DB_POSTGRESQL_PG_DB_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "sys/db/postgresql/pg_cause.h"
#include "sys/db/postgresql/pg_url.h"

/*
 * Private to sys/db/postgresql: one connection, its statements, and what becomes of it when the
 * server is lost. Calls wait for the server; a connection that is being made anew is not waited
 * for. PostgreSQL has no unsigned numbers: those above INT64_MAX are stored as the negative ones.
 */
#define PG_PARAMS_MAX 16

/* The values of one statement, as text. */
struct pg_params {
	int count;
	const char *values[PG_PARAMS_MAX];
	char numbers[PG_PARAMS_MAX][32];
};

struct pg_db {
	struct pg_url url;
	PGconn *connection; /* NULL: none */
	bool begins;        /* its session is being set up */
	bool ready;         /* it is made, and its session is set up */
	bool leads;         /* its session is that of the collector that leads (pg_peers.h) */
	bool has_news;      /* other collectors may have written */
	PostgresPollingStatusType polling; /* while it is made anew */
	int64_t attempt_ns;                /* monotonic; when that began */
	bool in_transaction; /* a session that is lost in it is not made anew before its end */
	int64_t retry_ns;    /* monotonic; a connection is made anew not before */
	int64_t delay_ns;    /* between this attempt and the next */
	char cause[PG_CAUSE_MAX]; /* why there is no session; "": not known */
	char *agreement;          /* pg_agreement.h; NULL: none yet */
};

/*
 * Opens the database, and makes or upgrades its schema. Returns 0; BW_ERR_UNAVAILABLE with a
 * message; BW_ERR_VALUE for a URL that is none; -ENOMEM. pg_db_close() in all cases.
 */
int pg_db_open(struct pg_db *db, const char *url, struct bw_err *err);
void pg_db_close(struct pg_db *db);

/*
 * Whether there is a session. A lost one is made anew, with growing pauses between attempts and
 * without waiting. Returns 0, or BW_ERR_UNAVAILABLE.
 */
int pg_db_ready(struct pg_db *db, struct bw_err *err);

/*
 * pg_db_ready() for a timer: it also notices that the server has closed a connection that nobody
 * uses. *RET_NEXT_NS: it wants to be called again after so long.
 */
int pg_db_watch(struct pg_db *db, int64_t *ret_next_ns, struct bw_err *err);

/* Begins a transaction, ends it, or throws it away, also when its connection is lost. */
int pg_db_begin(struct pg_db *db, struct bw_err *err);
int pg_db_begin_with(struct pg_db *db, const char *sql, struct bw_err *err);
int pg_db_commit(struct pg_db *db, struct bw_err *err);
void pg_db_rollback(struct pg_db *db);

/*
 * Runs statements without values and results. As those below: BW_ERR_UNAVAILABLE when there is no
 * session and none could be made, or when that of the transaction is lost.
 */
int pg_db_run(struct pg_db *db, const char *sql, struct bw_err *err);

/* Runs one statement with values, whose rows are thrown away. */
int pg_db_put(struct pg_db *db, const char *sql, const struct pg_params *params,
	      struct bw_err *err);

/*
 * Calls TAKE for each row, one after the other as they come: the rows are not all in memory. TAKE
 * must not use the database; an error of it ends the walk. PARAMS NULL: none.
 */
int pg_db_each(struct pg_db *db, const char *sql, const struct pg_params *params,
	       int (*take)(void *arg, const PGresult *row), void *arg, struct bw_err *err);

/*
 * Runs a statement that deletes at most STORE_FORGET_ROWS rows ($2) from before BEFORE ($1) and
 * returns a row for each. *RET_MORE: there may be more.
 */
int pg_db_forget(struct pg_db *db, const char *sql, int64_t before, bool *ret_more,
		 struct bw_err *err);

/* Copies LENGTH bytes, rows in COPY's text format, with a COPY ... FROM STDIN statement. */
int pg_db_copy(struct pg_db *db, const char *sql, const char *rows, size_t length,
	       struct bw_err *err);

/* The error that the server has just had, with the place. Returns BW_ERR_UNAVAILABLE. */
int pg_db_fail(struct pg_db *db, struct bw_err *err);

void pg_params_text(struct pg_params *params, const char *text); /* NULL: null */
void pg_params_number(struct pg_params *params, int64_t value);

/* A column of a row. */
int64_t pg_number(const PGresult *row, int column);
const char *pg_text(const PGresult *row, int column); /* NULL: null */

#endif
