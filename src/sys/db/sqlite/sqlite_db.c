/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/store.h"
#include "sys/db/sqlite/sqlite_schema.h"

/* How long another process that has a lock (a reader, a shell) is waited for. */
#define BUSY_MS 5000     /* at the start */
#define BUSY_SHORT_MS 20 /* once it serves */

static const char *const sql_of[SQLITE_STATEMENTS] = {
#define X(NAME, sql) sql,
	STATEMENT_LIST(X)
#undef X
};

int sqlite_db_fail(const struct sqlite_db *db, struct bw_err *err)
{
	const bool is_busy = db->hurries && (sqlite3_errcode(db->handle) & 0xff) == SQLITE_BUSY;
	const int result = is_busy ? -EBUSY : BW_ERR_UNAVAILABLE;

	bw_err_set(err, result, "the database does not take it: %s", sqlite3_errmsg(db->handle));
	bw_err_place(err, db->path, 0, 0, NULL);
	return result;
}

void sqlite_db_stop_waiting(struct sqlite_db *db)
{
	db->hurries = true;
	sqlite3_busy_timeout(db->handle, BUSY_SHORT_MS);
}

int sqlite_db_run(const struct sqlite_db *db, enum sqlite_statement statement, struct bw_err *err)
{
	sqlite3_stmt *s = db->statements[statement];
	const int code = sqlite3_step(s);

	sqlite3_reset(s);
	return code == SQLITE_DONE || code == SQLITE_ROW ? 0 : sqlite_db_fail(db, err);
}

int sqlite_db_forget(const struct sqlite_db *db, enum sqlite_statement statement, int64_t before,
		     bool *ret_more, struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(db, statement);
	int result;

	sqlite3_bind_int64(s, 1, before);
	sqlite3_bind_int(s, 2, STORE_FORGET_ROWS);
	result = sqlite_db_run(db, statement, err);
	*ret_more = result == 0 && sqlite3_changes(db->handle) == STORE_FORGET_ROWS;
	return result;
}

int sqlite_db_end(const struct sqlite_db *db, sqlite3_stmt *s, int code, int result,
		  struct bw_err *err)
{
	sqlite3_reset(s);
	if (result < 0)
		return bw_err_set(err, result, "%s", bw_error_text(result));
	return code == SQLITE_DONE ? 0 : sqlite_db_fail(db, err);
}

void sqlite_db_bind_text(sqlite3_stmt *s, int n, const char *text)
{
	if (text)
		sqlite3_bind_text(s, n, text, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, n);
}

void sqlite_db_bind_unsigned(sqlite3_stmt *s, int n, uint64_t value)
{
	sqlite3_bind_int64(s, n, (sqlite3_int64)value);
}

const char *sqlite_db_text(sqlite3_stmt *s, int column)
{
	return (const char *)sqlite3_column_text(s, column);
}

static int prepare(struct sqlite_db *db, struct bw_err *err)
{
	for (size_t i = 0; i < SQLITE_STATEMENTS; i++)
		if (sqlite3_prepare_v3(db->handle, sql_of[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &db->statements[i], NULL) != SQLITE_OK)
			return sqlite_db_fail(db, err);
	return 0;
}

int sqlite_db_open(struct sqlite_db *db, const char *path, struct bw_err *err)
{
	/* One thread uses the connection. */
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	int code;

	db->path = strdup(path);
	if (!db->path)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
		bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot open the database: %s",
			   db->handle ? sqlite3_errmsg(db->handle) : "out of memory");
		bw_err_place(err, path, 0, 0, NULL);
		return BW_ERR_UNAVAILABLE;
	}
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	code = sqlite_schema_apply(db->handle, path, err);
	return code < 0 ? code : prepare(db, err);
}

void sqlite_db_close(struct sqlite_db *db)
{
	for (size_t i = 0; i < SQLITE_STATEMENTS; i++)
		sqlite3_finalize(db->statements[i]);
	sqlite3_close(db->handle);
	free(db->path);
}
