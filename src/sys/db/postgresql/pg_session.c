/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_session.h"

#include <poll.h>
#include <string.h>

#include "sys/db/postgresql/pg_agreement.h"
#include "sys/db/postgresql/pg_peers.h"
#include "sys/db/postgresql/pg_schema.h"
#include "sys/db/postgresql/pg_stage.h"

/*
 * A query that does not end holds the loop up. Notices have no place to go. A collector that has
 * stopped, or whose machine is gone, holds up the others: its session ends.
 */
#define SETTINGS                                                                          \
	"SET statement_timeout = '60s'; SET client_min_messages = error; SET jit = off; " \
	"SET idle_in_transaction_session_timeout = '15s'; SET tcp_keepalives_idle = 10; " \
	"SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
#define SETTINGS_14 "SET idle_session_timeout = '30s'"
#define VERSION_14 140000

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

static int refuse(struct pg_db *db, const char *why, struct bw_err *err)
{
	pg_cause(why, db->cause);
	bw_err_set(err, BW_ERR_UNAVAILABLE, "%s", why);
	bw_err_place(err, db->url.where, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

static int check_encoding(struct pg_db *db, struct bw_err *err)
{
	const char *encoding = PQparameterStatus(db->connection, "server_encoding");

	if (encoding && strcmp(encoding, "UTF8") == 0)
		return 0;
	return refuse(db, "the encoding of the database is not UTF8: create it with that", err);
}

static int set_up(struct pg_db *db, struct bw_err *err)
{
	int result = pg_db_run(db, SETTINGS, err);

	if (result == 0 && PQserverVersion(db->connection) >= VERSION_14)
		result = pg_db_run(db, SETTINGS_14, err);
	return result;
}

static int confirm(struct pg_db *db, struct bw_err *err)
{
	struct bw_err why = {.code = 0};
	const int result = pg_agreement_confirm(db, &why);

	if (result == BW_ERR_VALUE)
		return refuse(db, why.message, err);
	if (result < 0 && err)
		*err = why;
	return result;
}

int pg_session_begin(struct pg_db *db, bool first, struct bw_err *err)
{
	int result = check_encoding(db, err);

	if (result == 0)
		result = set_up(db, err);
	if (result == 0)
		result = pg_schema_apply(db, err);
	if (result == 0)
		result = confirm(db, err);
	if (result == 0)
		result = pg_peers_join(db, err);
	if (result == 0)
		result = pg_peers_try_to_lead(db, first, err);
	return result < 0 ? result : pg_stage_prepare(db, err);
}
