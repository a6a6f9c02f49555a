/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_session.h"

#include <poll.h>
#include <string.h>

#include "sys/db/postgresql/pg_schema.h"
#include "sys/db/postgresql/pg_stage.h"

/* Any number, the same in all collectors. */
#define LOCK_NUMBER "4993451021"
#define LOCK "SELECT pg_try_advisory_lock(" LOCK_NUMBER ")"
#define LOCK_WAIT "SELECT pg_advisory_lock(" LOCK_NUMBER ")"

/* A query that does not end holds the loop up. Notices have no place to go. */
#define SETTINGS "SET statement_timeout = '60s'; SET client_min_messages = error"

PGconn *pg_session_connect(const struct pg_url *url)
{
	return PQconnectdbParams((const char *const *)url->keywords,
				 (const char *const *)url->values, 0);
}

PGconn *pg_session_start(const struct pg_url *url)
{
	return PQconnectStartParams((const char *const *)url->keywords,
				    (const char *const *)url->values, 0);
}

void pg_session_poll(PGconn *connection, PostgresPollingStatusType *status)
{
	while (*status == PGRES_POLLING_READING || *status == PGRES_POLLING_WRITING) {
		struct pollfd fd = {
			.fd = PQsocket(connection),
			.events = *status == PGRES_POLLING_READING ? POLLIN : POLLOUT,
		};

		if (fd.fd >= 0 && poll(&fd, 1, 0) == 0)
			return;
		*status = fd.fd < 0 ? PGRES_POLLING_FAILED : PQconnectPoll(connection);
	}
}

static int take_flag(void *arg, const PGresult *row)
{
	*(bool *)arg = PQgetvalue(row, 0, 0)[0] == 't';
	return 0;
}

static int take_number(void *arg, const PGresult *row)
{
	*(int64_t *)arg = pg_number(row, 0);
	return 0;
}

static int refuse(struct pg_db *db, const char *why, struct bw_err *err)
{
	pg_cause(why, db->cause);
	bw_err_set(err, BW_ERR_UNAVAILABLE, "%s", why);
	bw_err_place(err, db->url.where, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

/* A collector that has just ended may still have the lock: only the start waits for the server. */
static int lock_at_start(struct pg_db *db, struct bw_err *err)
{
	const int result = pg_db_run(db, "SET lock_timeout = '3s'; " LOCK_WAIT, err);

	if (result == 0)
		return pg_db_run(db, "SET lock_timeout = 0", err);
	if (db->connection)
		refuse(db, "another collector uses the database", err);
	return result;
}

static int lock(struct pg_db *db, struct bw_err *err)
{
	bool locked = false;
	int result = pg_db_each(db, LOCK, NULL, take_flag, &locked, err);

	if (result == 0 && !locked)
		result = refuse(db, "another collector uses the database", err);
	return result;
}

static int check_encoding(struct pg_db *db, struct bw_err *err)
{
	const char *encoding = PQparameterStatus(db->connection, "server_encoding");

	if (encoding && strcmp(encoding, "UTF8") == 0)
		return 0;
	return refuse(db, "the encoding of the database is not UTF8: create it with that", err);
}

/* The first session of this collector gets a new number; a later one must find it again. */
static int check_epoch(struct pg_db *db, struct bw_err *err)
{
	int64_t epoch = 0;
	int result;

	if (db->epoch == 0)
		return pg_db_each(db, "UPDATE collector SET epoch = epoch + 1 RETURNING epoch",
				  NULL, take_number, &db->epoch, err);
	result = pg_db_each(db, "SELECT epoch FROM collector", NULL, take_number, &epoch, err);
	db->taken_over = result == 0 && epoch != db->epoch;
	if (db->taken_over)
		result = refuse(db, "another collector has used the database since", err);
	return result;
}

int pg_session_begin(struct pg_db *db, struct bw_err *err)
{
	int result = check_encoding(db, err);

	if (result == 0)
		result = pg_db_run(db, SETTINGS, err);
	if (result == 0)
		result = db->epoch == 0 ? lock_at_start(db, err) : lock(db, err);
	if (result == 0)
		result = pg_schema_apply(db, err);
	if (result == 0)
		result = check_epoch(db, err);
	return result < 0 ? result : pg_stage_prepare(db, err);
}
