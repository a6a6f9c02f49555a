/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_hourly.h"

#include "sys/db/sqlite/sqlite_db.h"

int sqlite_hourly_put_part(void *self, const void *bytes, size_t length, struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_PUT_HOURLY_PART);

	sqlite3_bind_blob64(s, 1, bytes, length, SQLITE_STATIC);
	return sqlite_db_run(self, SQLITE_DO_PUT_HOURLY_PART, err);
}

/* The oldest parts, as many as have at most MOST bytes together, or one. */
struct parts {
	size_t most;
	sqlite3_int64 last; /* of them; 0: there is none */
	bool more;          /* there are others behind it */
};

static int walk_parts(struct sqlite_db *db, struct parts *parts,
		      int (*take)(void *arg, const void *bytes, size_t length), void *arg,
		      struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_HOURLY_PART);
	int code = SQLITE_DONE, result = 0;
	size_t left = parts->most;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const size_t length = (size_t)sqlite3_column_bytes(s, 1);

		if (parts->last > 0 && length > left) {
			parts->more = true;
			code = SQLITE_DONE;
			break;
		}
		result = take(arg, sqlite3_column_blob(s, 1), length);
		left -= length < left ? length : left;
		parts->last = sqlite3_column_int64(s, 0);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_hourly_each_part(void *self, int (*take)(void *arg, const void *bytes, size_t length),
			    void *arg, struct bw_err *err)
{
	struct parts parts = {.most = SIZE_MAX};

	return walk_parts(self, &parts, take, arg, err);
}

int sqlite_hourly_take_parts(void *self, size_t most,
			     int (*take)(void *arg, const void *bytes, size_t length), void *arg,
			     bool *ret_more, struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_DROP_HOURLY_PARTS);
	struct parts parts = {.most = most};
	const int result = walk_parts(self, &parts, take, arg, err);

	*ret_more = parts.more;
	if (result < 0 || parts.last == 0)
		return result;
	sqlite3_bind_int64(s, 1, parts.last);
	return sqlite_db_run(self, SQLITE_DO_DROP_HOURLY_PARTS, err);
}

static void bind_subject(sqlite3_stmt *s, const struct store_hourly *row)
{
	sqlite_db_bind_text(s, 1, row->target);
	sqlite3_bind_int(s, 2, (int)row->scope);
	sqlite_db_bind_text(s, 3, row->subject);
}

int sqlite_hourly_put_day(void *self, const struct store_hourly *row, struct bw_err *err)
{
	sqlite3_stmt *add = sqlite_db_statement(self, SQLITE_DO_ADD_HOURLY_SERIES);
	sqlite3_stmt *put = sqlite_db_statement(self, SQLITE_DO_PUT_HOURLY_DAY);

	bind_subject(add, row);
	sqlite_db_bind_text(add, 4, row->vantage);
	if (sqlite_db_run(self, SQLITE_DO_ADD_HOURLY_SERIES, err) < 0)
		return BW_ERR_UNAVAILABLE;
	bind_subject(put, row);
	sqlite_db_bind_text(put, 4, row->vantage);
	sqlite3_bind_int64(put, 5, row->day);
	sqlite3_bind_blob64(put, 6, row->bytes, row->length, SQLITE_STATIC);
	return sqlite_db_run(self, SQLITE_DO_PUT_HOURLY_DAY, err);
}

int sqlite_hourly_get_days(void *self, const struct store_hourly *keys, size_t count,
			   int (*take)(void *arg, size_t n, const void *bytes, size_t length),
			   void *arg, struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_GET_HOURLY_DAY);
	int result = 0;

	for (size_t n = 0; n < count && result == 0; n++) {
		int code, taken = 0;

		bind_subject(s, &keys[n]);
		sqlite_db_bind_text(s, 4, keys[n].vantage);
		sqlite3_bind_int64(s, 5, keys[n].day);
		code = sqlite3_step(s);
		if (code == SQLITE_ROW)
			taken = take(arg, n, sqlite3_column_blob(s, 0),
				     (size_t)sqlite3_column_bytes(s, 0));
		else if (code == SQLITE_DONE)
			taken = take(arg, n, NULL, 0);
		result =
			sqlite_db_end(self, s, code == SQLITE_ROW ? SQLITE_DONE : code, taken, err);
	}
	return result;
}

int sqlite_hourly_each_day(void *self, const struct store_hourly *key,
			   int (*take)(void *arg, const struct store_hourly *row), void *arg,
			   struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_EACH_HOURLY_DAY);
	int code = SQLITE_DONE, result = 0;

	bind_subject(s, key);
	sqlite3_bind_int64(s, 4, key->day);
	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		struct store_hourly row = *key;

		row.vantage = sqlite_db_text(s, 0);
		row.bytes = sqlite3_column_blob(s, 1);
		row.length = (size_t)sqlite3_column_bytes(s, 1);
		result = take(arg, &row);
	}
	return sqlite_db_end(self, s, code, result, err);
}

int sqlite_hourly_days(void *self, int64_t *ret_first, int64_t *ret_last, struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_HOURLY_DAYS);
	int code = sqlite3_step(s);

	if (code == SQLITE_ROW) {
		*ret_first = sqlite3_column_int64(s, 0);
		*ret_last = sqlite3_column_int64(s, 1);
		code = SQLITE_DONE;
	}
	return sqlite_db_end(self, s, code, 0, err);
}

int sqlite_hourly_forget_days(void *self, int64_t day, bool *ret_more, struct bw_err *err)
{
	return sqlite_db_forget(self, SQLITE_DO_FORGET_HOURLY_DAYS, day, ret_more, err);
}
