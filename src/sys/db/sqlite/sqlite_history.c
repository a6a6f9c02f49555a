/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_history.h"

#include "sys/db/sqlite/sqlite_db.h"

/* Whose view of which block a row is about, from place 1 on; TEXT holds the block meanwhile. */
static void bind_view(sqlite3_stmt *s, const char *vantage, const char *target,
		      const struct bw_prefix *block, char text[BW_PREFIX_TEXT])
{
	sqlite_db_bind_text(s, 1, vantage);
	sqlite_db_bind_text(s, 2, target);
	sqlite_db_bind_text(s, 3, bw_prefix_format(block, text));
}

int sqlite_history_put_claim(void *self, const struct store_claim *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_CLAIM);
	char block[BW_PREFIX_TEXT];

	bind_view(s, row->vantage, row->target, &row->block, block);
	sqlite3_bind_int64(s, 4, claim_bucket(&row->claim));
	sqlite3_bind_int(s, 5, row->claim.verdict);
	sqlite3_bind_int64(s, 6, row->claim.since_ns);
	sqlite3_bind_int64(s, 7, row->claim.said_ns);
	sqlite3_bind_int64(s, 8, row->claim.earliest_ns);
	return sqlite_db_run(db, SQLITE_DO_PUT_CLAIM, err);
}

int sqlite_history_drop_claim(void *self, const struct store_claim *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_DROP_CLAIM);
	char block[BW_PREFIX_TEXT];

	bind_view(s, row->vantage, row->target, &row->block, block);
	sqlite3_bind_int64(s, 4, claim_bucket(&row->claim));
	sqlite3_bind_int(s, 5, row->claim.verdict);
	return sqlite_db_run(db, SQLITE_DO_DROP_CLAIM, err);
}

int sqlite_history_put_place(void *self, const struct store_place *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_PLACE);
	char network[BW_PREFIX_TEXT], block[BW_PREFIX_TEXT];

	sqlite_db_bind_text(s, 1, row->target);
	sqlite_db_bind_text(s, 2, bw_prefix_format(&row->block, block));
	sqlite_db_bind_text(s, 3, bw_prefix_format(&row->network, network));
	sqlite3_bind_int64(s, 4, row->said_ns);
	return sqlite_db_run(db, SQLITE_DO_PUT_PLACE, err);
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
		.claim = {.since_ns = sqlite3_column_int64(s, 3),
			  .verdict = (uint8_t)sqlite3_column_int(s, 4),
			  .said_ns = sqlite3_column_int64(s, 5),
			  .earliest_ns = sqlite3_column_int64(s, 6)},
	};
	return bw_prefix_parse(sqlite_db_text(s, 2), &row->block, NULL) == 0 &&
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

static bool read_place(sqlite3_stmt *s, struct store_place *row)
{
	*row = (struct store_place){.target = sqlite_db_text(s, 0),
				    .said_ns = sqlite3_column_int64(s, 3)};
	return bw_prefix_parse(sqlite_db_text(s, 1), &row->block, NULL) == 0 &&
	       bw_prefix_parse(sqlite_db_text(s, 2), &row->network, NULL) == 0;
}

int sqlite_history_each_place(void *self, int (*take)(void *arg, const struct store_place *place),
			      void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_PLACE);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		struct store_place row;

		if (read_place(s, &row))
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

int sqlite_history_put_kept(void *self, const struct store_kept *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_KEPT);

	sqlite_db_bind_text(s, 1, row->target);
	sqlite3_bind_int(s, 2, (int)row->scope);
	sqlite_db_bind_text(s, 3, row->subject);
	sqlite3_bind_int64(s, 4, row->until_ns);
	sqlite_db_bind_text(s, 5, row->intervals);
	return sqlite_db_run(db, SQLITE_DO_PUT_KEPT, err);
}

int sqlite_history_each_kept(void *self, int (*take)(void *arg, const struct store_kept *row),
			     void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_KEPT);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_kept row = {
			.target = sqlite_db_text(s, 0),
			.scope = (enum bw_scope)sqlite3_column_int(s, 1),
			.subject = sqlite_db_text(s, 2),
			.until_ns = sqlite3_column_int64(s, 3),
			.intervals = sqlite_db_text(s, 4),
		};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_history_put_conditions(void *self, const struct store_conditions *row,
				  struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_CONDITIONS);
	char block[BW_PREFIX_TEXT];

	bind_view(s, row->vantage, row->target, &row->block, block);
	sqlite3_bind_int64(s, 4, row->said_ns);
	sqlite3_bind_int64(s, 5, row->conditions);
	return sqlite_db_run(db, SQLITE_DO_PUT_CONDITIONS, err);
}

int sqlite_history_each_conditions(void *self,
				   int (*take)(void *arg, const struct store_conditions *row),
				   void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_CONDITIONS);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		struct store_conditions row = {
			.vantage = sqlite_db_text(s, 0),
			.target = sqlite_db_text(s, 1),
			.said_ns = sqlite3_column_int64(s, 3),
			.conditions = (unsigned)sqlite3_column_int64(s, 4),
		};

		if (bw_prefix_parse(sqlite_db_text(s, 2), &row.block, NULL) == 0)
			result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}
