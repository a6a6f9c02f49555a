/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_fleet.h"

#include "sys/db/sqlite/sqlite_db.h"

int sqlite_fleet_put_boot(void *self, const struct store_boot *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_BOOT);

	sqlite_db_bind_text(s, 1, row->vantage);
	sqlite_db_bind_text(s, 2, row->boot);
	sqlite3_bind_int64(s, 3, row->first_ns);
	sqlite3_bind_int64(s, 4, row->last_ns);
	sqlite3_bind_int64(s, 5, row->ignored_ns);
	sqlite3_bind_int64(s, 6, row->doubled_ns);
	return sqlite_db_run(db, SQLITE_DO_PUT_BOOT, err);
}

int sqlite_fleet_each_boot(void *self, int (*take)(void *arg, const struct store_boot *row),
			   void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_BOOT);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_boot row = {sqlite_db_text(s, 0),
					       sqlite_db_text(s, 1),
					       sqlite3_column_int64(s, 2),
					       sqlite3_column_int64(s, 3),
					       sqlite3_column_int64(s, 4),
					       sqlite3_column_int64(s, 5)};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_fleet_put_heard(void *self, const struct store_heard *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_HEARD);

	sqlite_db_bind_text(s, 1, row->vantage);
	sqlite3_bind_int64(s, 2, row->from_ns);
	sqlite3_bind_int64(s, 3, row->until_ns);
	return sqlite_db_run(db, SQLITE_DO_PUT_HEARD, err);
}

int sqlite_fleet_put_health(void *self, const struct store_health *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_HEALTH);

	sqlite_db_bind_text(s, 1, row->vantage);
	sqlite3_bind_int64(s, 2, row->at_ns);
	sqlite3_bind_int(s, 3, row->healthy);
	return sqlite_db_run(db, SQLITE_DO_PUT_HEALTH, err);
}

int sqlite_fleet_drop_health(void *self, const char *vantage, int64_t at_ns, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_DROP_HEALTH);

	sqlite_db_bind_text(s, 1, vantage);
	sqlite3_bind_int64(s, 2, at_ns);
	return sqlite_db_run(db, SQLITE_DO_DROP_HEALTH, err);
}

int sqlite_fleet_put_upstream(void *self, const struct store_upstream *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_UPSTREAM);

	sqlite_db_bind_text(s, 1, row->vantage);
	sqlite3_bind_int64(s, 2, row->from_ns);
	sqlite3_bind_int64(s, 3, row->asn);
	return sqlite_db_run(db, SQLITE_DO_PUT_UPSTREAM, err);
}

int sqlite_fleet_put_term(void *self, const struct store_term *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_TERM);

	sqlite3_bind_int64(s, 1, row->from_ns);
	sqlite3_bind_int64(s, 2, row->quorum);
	return sqlite_db_run(db, SQLITE_DO_PUT_TERM, err);
}

int sqlite_fleet_each_heard(void *self, int (*take)(void *arg, const struct store_heard *row),
			    void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_HEARD);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_heard row = {sqlite_db_text(s, 0), sqlite3_column_int64(s, 1),
						sqlite3_column_int64(s, 2)};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_fleet_each_health(void *self, int (*take)(void *arg, const struct store_health *row),
			     void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_HEALTH);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_health row = {sqlite_db_text(s, 0), sqlite3_column_int64(s, 1),
						 sqlite3_column_int(s, 2) != 0};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_fleet_each_upstream(void *self, int (*take)(void *arg, const struct store_upstream *row),
			       void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_UPSTREAM);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_upstream row = {sqlite_db_text(s, 0), sqlite3_column_int64(s, 1),
						   (uint32_t)sqlite3_column_int64(s, 2)};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_fleet_each_term(void *self, int (*take)(void *arg, const struct store_term *row),
			   void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_TERM);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_term row = {sqlite3_column_int64(s, 0),
					       (unsigned)sqlite3_column_int64(s, 1)};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}
