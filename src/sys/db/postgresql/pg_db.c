/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_db.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/store.h"
#include "sys/db/postgresql/pg_session.h"
#include "sys/machine/clock.h"

#define DELAY_FIRST_NS (500 * BW_MS)
#define DELAY_MAX_NS (10 * BW_S)
#define ATTEMPT_NS (10 * BW_S)
#define WATCH_NS (1 * BW_S)     /* between looks at a connection that is made */
#define ADVANCE_NS (50 * BW_MS) /* and at one that is being made */

static void fail_with(const struct pg_db *db, const char *message, struct bw_err *err)
{
	char cause[PG_CAUSE_MAX];

	pg_cause(message, cause);
	bw_err_set(err, BW_ERR_UNAVAILABLE, "the database does not take it: %s", cause);
	bw_err_place(err, db->url.where, 0, 0, NULL);
}

/* A session that is refused has told its cause itself, and the message of libpq is empty. */
static void keep_cause(struct pg_db *db)
{
	const char *message = PQerrorMessage(db->connection);

	if (message[0] != '\0' || db->cause[0] == '\0')
		pg_cause(message, db->cause);
}

static void lose(struct pg_db *db)
{
	keep_cause(db);
	PQfinish(db->connection);
	db->connection = NULL;
	db->ready = db->leads = false;
	db->delay_ns = db->delay_ns == 0 ? DELAY_FIRST_NS : 2 * db->delay_ns;
	if (db->delay_ns > DELAY_MAX_NS)
		db->delay_ns = DELAY_MAX_NS;
	db->retry_ns = clock_now().mono.ns + db->delay_ns;
}

int pg_db_fail(struct pg_db *db, struct bw_err *err)
{
	fail_with(db, db->connection ? PQerrorMessage(db->connection) : "not connected", err);
	if (db->connection && PQstatus(db->connection) == CONNECTION_BAD)
		lose(db);
	return BW_ERR_UNAVAILABLE;
}

static int not_ready(const struct pg_db *db, struct bw_err *err)
{
	char message[PG_CAUSE_MAX + 64];

	snprintf(message, sizeof(message), "the connection is being made anew%s%s",
		 db->cause[0] ? ": " : "", db->cause);
	fail_with(db, message, err);
	return BW_ERR_UNAVAILABLE;
}

static int begin_session(struct pg_db *db, bool first, struct bw_err *err)
{
	int result;

	db->begins = true;
	result = pg_session_begin(db, first, err);
	db->begins = false;
	return result;
}

static int start(struct pg_db *db, struct bw_err *err)
{
	const int64_t now_ns = clock_now().mono.ns;

	if (now_ns < db->retry_ns)
		return not_ready(db, err);
	db->connection = pg_session_start(&db->url);
	if (!db->connection)
		return bw_err_set(err, -ENOMEM, "out of memory");
	db->polling = PGRES_POLLING_WRITING;
	db->attempt_ns = now_ns;
	return PQstatus(db->connection) == CONNECTION_BAD ? pg_db_fail(db, err) : 0;
}

/* Goes on with an attempt that is under way. */
static int go_on(struct pg_db *db, struct bw_err *err)
{
	int result = 0;

	pg_session_poll(db->connection, &db->polling);
	if (db->polling == PGRES_POLLING_OK)
		result = begin_session(db, false, err);
	else if (db->polling == PGRES_POLLING_FAILED ||
		 clock_now().mono.ns - db->attempt_ns > ATTEMPT_NS)
		result = pg_db_fail(db, err);
	else
		return not_ready(db, err);
	db->ready = result == 0;
	if (result < 0 && db->connection)
		lose(db);
	else if (result == 0)
		db->delay_ns = 0;
	if (result == 0)
		db->cause[0] = '\0';
	return result;
}

int pg_db_ready(struct pg_db *db, struct bw_err *err)
{
	int result = 0;

	if (db->ready && PQstatus(db->connection) != CONNECTION_BAD)
		return 0;
	if (db->ready)
		lose(db);
	if (!db->connection)
		result = start(db, err);
	return result < 0 ? result : go_on(db, err);
}

int pg_db_watch(struct pg_db *db, int64_t *ret_next_ns, struct bw_err *err)
{
	int64_t wait_ns;
	int result;

	if (db->ready)
		PQconsumeInput(db->connection);
	result = pg_db_ready(db, err);
	wait_ns = db->retry_ns - clock_now().mono.ns;
	if (result == 0)
		*ret_next_ns = WATCH_NS;
	else if (db->connection || wait_ns < ADVANCE_NS)
		*ret_next_ns = ADVANCE_NS;
	else
		*ret_next_ns = wait_ns;
	return result;
}

int pg_db_open(struct pg_db *db, const char *url, struct bw_err *err)
{
	int result = pg_url_parse(url, &db->url, err);

	if (result < 0)
		return result;
	db->connection = pg_session_connect(&db->url);
	if (!db->connection)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (PQstatus(db->connection) != CONNECTION_OK) {
		keep_cause(db);
		bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot open the database: %s", db->cause);
		bw_err_place(err, db->url.where, 0, 0, NULL);
		return BW_ERR_UNAVAILABLE;
	}
	result = begin_session(db, true, err);
	db->ready = result == 0;
	return result;
}

void pg_db_close(struct pg_db *db)
{
	PQfinish(db->connection);
	pg_url_fini(&db->url);
	free(db->agreement);
}

/* Before a statement. While a session begins, it has a connection and is not ready yet. */
static int use(struct pg_db *db, struct bw_err *err)
{
	if (db->begins)
		return 0;
	if (!db->in_transaction)
		return pg_db_ready(db, err);
	return db->ready ? 0 : pg_db_fail(db, err);
}

/* The end of a statement whose result is not wanted. */
static int end(struct pg_db *db, PGresult *result, struct bw_err *err)
{
	const ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? 0 : pg_db_fail(db, err);
}

int pg_db_begin(struct pg_db *db, struct bw_err *err)
{
	return pg_db_begin_with(db, "BEGIN", err);
}

int pg_db_begin_with(struct pg_db *db, const char *sql, struct bw_err *err)
{
	int result = pg_db_run(db, sql, err);

	db->in_transaction = result == 0;
	return result;
}

int pg_db_commit(struct pg_db *db, struct bw_err *err)
{
	int result = pg_db_run(db, "COMMIT", err);

	db->in_transaction = result < 0; /* until it is thrown away */
	return result;
}

void pg_db_rollback(struct pg_db *db)
{
	if (db->ready && PQtransactionStatus(db->connection) != PQTRANS_IDLE)
		pg_db_run(db, "ROLLBACK", NULL);
	db->in_transaction = false;
}

int pg_db_run(struct pg_db *db, const char *sql, struct bw_err *err)
{
	if (use(db, err) < 0)
		return BW_ERR_UNAVAILABLE;
	return end(db, PQexec(db->connection, sql), err);
}

int pg_db_put(struct pg_db *db, const char *sql, const struct pg_params *params, struct bw_err *err)
{
	if (use(db, err) < 0)
		return BW_ERR_UNAVAILABLE;
	return end(db,
		   PQexecParams(db->connection, sql, params->count, NULL, params->values, NULL,
				NULL, 0),
		   err);
}

static int take_rows(struct pg_db *db, int (*take)(void *arg, const PGresult *row), void *arg,
		     struct bw_err *err)
{
	int result = 0;
	PGresult *row;

	while ((row = PQgetResult(db->connection)) != NULL) {
		const ExecStatusType status = PQresultStatus(row);

		if (status == PGRES_SINGLE_TUPLE && result == 0)
			result = take(arg, row);
		else if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && result == 0)
			result = BW_ERR_UNAVAILABLE;
		PQclear(row);
	}
	if (result == BW_ERR_UNAVAILABLE)
		return pg_db_fail(db, err);
	return result < 0 ? bw_err_set(err, result, "%s", bw_error_text(result)) : 0;
}

int pg_db_each(struct pg_db *db, const char *sql, const struct pg_params *params,
	       int (*take)(void *arg, const PGresult *row), void *arg, struct bw_err *err)
{
	if (use(db, err) < 0)
		return BW_ERR_UNAVAILABLE;
	if (!PQsendQueryParams(db->connection, sql, params ? params->count : 0, NULL,
			       params ? params->values : NULL, NULL, NULL, 0))
		return pg_db_fail(db, err);
	PQsetSingleRowMode(db->connection);
	return take_rows(db, take, arg, err);
}

static int count_row(void *arg, const PGresult *row)
{
	(void)row;
	++*(int *)arg;
	return 0;
}

int pg_db_forget(struct pg_db *db, const char *sql, int64_t before, bool *ret_more,
		 struct bw_err *err)
{
	struct pg_params params = {0};
	int count = 0, result;

	pg_params_number(&params, before);
	pg_params_number(&params, STORE_FORGET_ROWS);
	result = pg_db_each(db, sql, &params, count_row, &count, err);
	*ret_more = result == 0 && count == STORE_FORGET_ROWS;
	return result;
}

int pg_db_copy(struct pg_db *db, const char *sql, const char *rows, size_t length,
	       struct bw_err *err)
{
	PGresult *result;
	bool copies;

	if (use(db, err) < 0)
		return BW_ERR_UNAVAILABLE;
	result = PQexec(db->connection, sql);
	copies = PQresultStatus(result) == PGRES_COPY_IN;
	PQclear(result);
	if (!copies || PQputCopyData(db->connection, rows, (int)length) != 1 ||
	    PQputCopyEnd(db->connection, NULL) != 1)
		return pg_db_fail(db, err);
	result = PQgetResult(db->connection);
	copies = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	while ((result = PQgetResult(db->connection)) != NULL)
		PQclear(result);
	return copies ? 0 : pg_db_fail(db, err);
}

void pg_params_text(struct pg_params *params, const char *text)
{
	params->values[params->count++] = text;
}

void pg_params_number(struct pg_params *params, int64_t value)
{
	char *text = params->numbers[params->count];

	snprintf(text, sizeof(params->numbers[0]), "%" PRId64, value);
	params->values[params->count++] = text;
}

int64_t pg_number(const PGresult *row, int column)
{
	return strtoll(PQgetvalue(row, 0, column), NULL, 10);
}

const char *pg_text(const PGresult *row, int column)
{
	return PQgetisnull(row, 0, column) ? NULL : PQgetvalue(row, 0, column);
}
