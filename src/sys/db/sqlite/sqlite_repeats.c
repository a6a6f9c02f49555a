/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_repeats.h"

#include "sys/db/sqlite/sqlite_db.h"

int sqlite_repeats_put(void *self, int64_t time_ns, const void *bytes, size_t length,
		       struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_PUT_REPEATS);

	sqlite3_bind_int64(s, 1, time_ns);
	sqlite3_bind_blob64(s, 2, bytes, length, SQLITE_STATIC);
	return sqlite_db_run(self, SQLITE_DO_PUT_REPEATS, err);
}

static int drop(struct sqlite_db *db, sqlite3_int64 id, struct bw_err *err)
{
	sqlite3_bind_int64(sqlite_db_statement(db, SQLITE_DO_DROP_REPEATS), 1, id);
	return sqlite_db_run(db, SQLITE_DO_DROP_REPEATS, err);
}

int sqlite_repeats_each(void *self, int (*take)(void *arg, const void *bytes, size_t length),
			void *arg, struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_EACH_REPEATS);
	int code = SQLITE_DONE, result = 0;

	sqlite3_bind_int64(s, 1, INT64_MAX);
	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW)
		result = take(arg, sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1));
	return sqlite_db_end(self, s, code, result, err);
}

/* A row that is deleted is behind the walk, which it does not disturb. */
int sqlite_repeats_take(void *self, int64_t before_ns,
			int (*take)(void *arg, const void *bytes, size_t length), void *arg,
			bool *ret_more, struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_EACH_REPEATS);
	int code = SQLITE_DONE, result = 0;
	size_t taken = 0;

	*ret_more = false;
	sqlite3_bind_int64(s, 1, before_ns);
	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const size_t length = (size_t)sqlite3_column_bytes(s, 1);

		*ret_more = taken > 0 && taken + length > STORE_REPEATS_STEP;
		if (*ret_more) {
			code = SQLITE_DONE;
			break;
		}
		taken += length;
		result = take(arg, sqlite3_column_blob(s, 1), length);
		if (result == 0)
			result = drop(self, sqlite3_column_int64(s, 0), err);
	}
	return sqlite_db_end(self, s, code, result, err);
}
