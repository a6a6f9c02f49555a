/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite_history.h"

#include "sys/db/sqlite_db.h"

int sqlite_history_put_claim(void *self, const struct store_claim *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_CLAIM);
	char network[BW_PREFIX_TEXT], block[BW_PREFIX_TEXT];

	sqlite_db_bind_text(s, 1, row->vantage);
	sqlite_db_bind_text(s, 2, row->target);
	sqlite_db_bind_text(s, 3, bw_prefix_format(&row->network, network));
	sqlite_db_bind_text(s, 4, bw_prefix_format(&row->block, block));
	sqlite3_bind_int64(s, 5, row->claim.since_ns);
	sqlite3_bind_int(s, 6, row->claim.verdict);
	sqlite3_bind_int64(s, 7, row->claim.said_ns);
	sqlite3_bind_int64(s, 8, row->claim.earliest_ns);
	return sqlite_db_run(db, SQLITE_DO_PUT_CLAIM, err);
}

int sqlite_history_put_heard(void *self, const struct store_heard *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_HEARD);

	sqlite_db_bind_text(s, 1, row->vantage);
	sqlite3_bind_int64(s, 2, row->from_ns);
	sqlite3_bind_int64(s, 3, row->to_ns);
	sqlite3_bind_int(s, 4, row->healthy);
	return sqlite_db_run(db, SQLITE_DO_PUT_HEARD, err);
}

int sqlite_history_put_title(void *self, const char *target, const char *title, struct bw_err *err)
{
	struct sqlite_db *db = self;

	sqlite_db_bind_text(sqlite_db_statement(db, SQLITE_DO_PUT_TITLE), 1, target);
	sqlite_db_bind_text(sqlite_db_statement(db, SQLITE_DO_PUT_TITLE), 2, title);
	return sqlite_db_run(db, SQLITE_DO_PUT_TITLE, err);
}

static bool read_claim(sqlite3_stmt *s, struct store_claim *row)
{
	*row = (struct store_claim){
		.vantage = sqlite_db_text(s, 0),
		.target = sqlite_db_text(s, 1),
		.claim = {.since_ns = sqlite3_column_int64(s, 4),
			  .verdict = (uint8_t)sqlite3_column_int(s, 5),
			  .said_ns = sqlite3_column_int64(s, 6),
			  .earliest_ns = sqlite3_column_int64(s, 7)},
	};
	return bw_prefix_parse(sqlite_db_text(s, 2), &row->network, NULL) == 0 &&
	       bw_prefix_parse(sqlite_db_text(s, 3), &row->block, NULL) == 0 &&
	       row->claim.verdict < BW_BLOCK_VERDICTS;
}

int sqlite_history_each_claim(void *self, int (*take)(void *arg, const struct store_claim *claim),
			      void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_CLAIM);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		struct store_claim row;

		if (read_claim(s, &row))
			result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_history_each_heard(void *self, int (*take)(void *arg, const struct store_heard *heard),
			      void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_HEARD);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_heard row = {sqlite_db_text(s, 0), sqlite3_column_int64(s, 1),
						sqlite3_column_int64(s, 2),
						sqlite3_column_int(s, 3) != 0};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_history_each_title(void *self,
			      int (*take)(void *arg, const char *target, const char *title),
			      void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_TITLE);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW)
		result = take(arg, sqlite_db_text(s, 0), sqlite_db_text(s, 1));
	return sqlite_db_end(db, s, code, result, err);
}
