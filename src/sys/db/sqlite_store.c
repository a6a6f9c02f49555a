/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "sys/db/sqlite_schema.h"

#define BUSY_MS 5000     /* how long another connection (a backup, a reader) is waited for */

/* X(NAME, SQL): statements that are prepared once. */
#define STATEMENT_LIST(X)                                                                         \
	X(BEGIN, "BEGIN IMMEDIATE")                                                               \
	X(COMMIT, "COMMIT")                                                                       \
	X(ROLLBACK, "ROLLBACK")                                                                   \
	X(ADD_BOOT, "INSERT OR IGNORE INTO boot (vantage, name) VALUES (?, ?)")                   \
	X(FIND_BOOT, "SELECT id FROM boot WHERE vantage = ? AND name = ?")                        \
	X(PUT_RECORD, "INSERT OR IGNORE INTO record (boot, seq, time, type, line) "               \
		      "VALUES (?, ?, ?, ?, ?)")                                                   \
	X(PUT_VANTAGE, "REPLACE INTO vantage (name, boot, seq, last, clock_offset, round, "       \
		       "healthy) VALUES (?, ?, ?, ?, ?, ?, ?)")                                   \
	X(CLEAR_SEEN, "DELETE FROM seen WHERE boot = ?")                                          \
	X(PUT_SEEN, "INSERT INTO seen (boot, first, last) VALUES (?, ?, ?)")                      \
	X(EACH_VANTAGE, "SELECT name, boot, seq, last, clock_offset, round, healthy "             \
			"FROM vantage ORDER BY name")                                             \
	X(EACH_SEEN, "SELECT boot.vantage, boot.name, first, last FROM seen "                     \
		     "JOIN boot ON boot.id = seen.boot ORDER BY boot.id, first")                  \
	X(PUT_CLAIM,                                                                              \
	  "INSERT INTO claim (vantage, target, network, block, since, verdict, said, "            \
	  "earliest) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "                  \
	  "said = min(said, excluded.said), earliest = min(earliest, excluded.earliest)")         \
	X(PUT_HEARD, "INSERT INTO heard (vantage, start, until, healthy) VALUES (?, ?, ?, ?) "    \
		     "ON CONFLICT DO UPDATE SET until = max(until, excluded.until)")              \
	X(PUT_TITLE, "REPLACE INTO target (name, title) VALUES (?, ?)")                           \
	X(EACH_CLAIM, "SELECT vantage, target, network, block, since, verdict, said, earliest "   \
		      "FROM claim")                                                               \
	X(EACH_HEARD, "SELECT vantage, start, until, healthy FROM heard ORDER BY vantage, start") \
	X(EACH_TITLE, "SELECT name, title FROM target ORDER BY name")                             \
	X(FORGET_RECORDS, "DELETE FROM record WHERE time < ?")

enum statement {
#define X(NAME, sql) NAME,
	STATEMENT_LIST(X)
#undef X
		STATEMENTS
};

static const char *const sql_of[STATEMENTS] = {
#define X(NAME, sql) sql,
	STATEMENT_LIST(X)
#undef X
};

struct sqlite_store {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	char *path;
	/* The boot of the last record: mostly that of the next, too. */
	char *vantage, *boot;
	sqlite3_int64 boot_id;
};

static int fail(const struct sqlite_store *store, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "the database does not take it: %s",
		   sqlite3_errmsg(store->db));
	bw_err_place(err, store->path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

/* Runs a statement to its end. */
static int run(const struct sqlite_store *store, enum statement statement, struct bw_err *err)
{
	sqlite3_stmt *s = store->statements[statement];
	const int code = sqlite3_step(s);

	sqlite3_reset(s);
	return code == SQLITE_DONE || code == SQLITE_ROW ? 0 : fail(store, err);
}

static void bind_text(sqlite3_stmt *s, int n, const char *text)
{
	if (text)
		sqlite3_bind_text(s, n, text, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, n);
}

/* SQLite has no unsigned numbers: those above INT64_MAX are stored as the negative ones. */
static void bind_seq(sqlite3_stmt *s, int n, uint64_t seq)
{
	sqlite3_bind_int64(s, n, (sqlite3_int64)seq);
}

static int begin(void *self, struct bw_err *err)
{
	return run(self, BEGIN, err);
}

static int commit(void *self, struct bw_err *err)
{
	return run(self, COMMIT, err);
}

static void forget_boot(struct sqlite_store *store)
{
	free(store->vantage);
	free(store->boot);
	store->vantage = store->boot = NULL;
}

static void rollback(void *self)
{
	struct sqlite_store *store = self;

	forget_boot(store); /* its row may be among what is rolled back */
	if (!sqlite3_get_autocommit(store->db))
		run(store, ROLLBACK, NULL);
}

static int find_boot(struct sqlite_store *store, const char *vantage, const char *boot,
		     struct bw_err *err)
{
	sqlite3_stmt *add = store->statements[ADD_BOOT], *find = store->statements[FIND_BOOT];
	int code;

	if (store->boot && strcmp(store->boot, boot) == 0 && strcmp(store->vantage, vantage) == 0)
		return 0;
	forget_boot(store);
	bind_text(add, 1, vantage);
	bind_text(add, 2, boot);
	bind_text(find, 1, vantage);
	bind_text(find, 2, boot);
	if (run(store, ADD_BOOT, err) < 0)
		return BW_ERR_UNAVAILABLE;
	code = sqlite3_step(find);
	store->boot_id = code == SQLITE_ROW ? sqlite3_column_int64(find, 0) : 0;
	sqlite3_reset(find);
	if (code != SQLITE_ROW)
		return fail(store, err);
	store->vantage = strdup(vantage);
	store->boot = strdup(boot);
	if (!store->vantage || !store->boot)
		forget_boot(store);
	return 0;
}

static int put_record(void *self, const struct store_record *row, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[PUT_RECORD];
	const struct record_head *head = &row->record->head;

	if (find_boot(store, head->vantage, head->boot, err) < 0)
		return BW_ERR_UNAVAILABLE;
	sqlite3_bind_int64(s, 1, store->boot_id);
	bind_seq(s, 2, head->seq);
	sqlite3_bind_int64(s, 3, head->time.ns);
	sqlite3_bind_int(s, 4, (int)row->record->type);
	sqlite3_bind_text(s, 5, row->line, (int)row->length, SQLITE_STATIC);
	return run(store, PUT_RECORD, err);
}

static int put_vantage(void *self, const struct store_vantage *row, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[PUT_VANTAGE];

	bind_text(s, 1, row->name);
	bind_text(s, 2, row->boot);
	bind_seq(s, 3, row->seq);
	sqlite3_bind_int64(s, 4, row->last.ns);
	sqlite3_bind_int64(s, 5, row->clock_offset_ns);
	sqlite3_bind_double(s, 6, row->round_s);
	sqlite3_bind_int(s, 7, row->healthy);
	return run(store, PUT_VANTAGE, err);
}

static int put_seen(void *self, const char *vantage, const char *boot, const struct seq_set *seen,
		    struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *clear = store->statements[CLEAR_SEEN], *put = store->statements[PUT_SEEN];
	int result = find_boot(store, vantage, boot, err);

	if (result < 0)
		return result;
	sqlite3_bind_int64(clear, 1, store->boot_id);
	result = run(store, CLEAR_SEEN, err);
	for (size_t i = 0; i < seen->count && result == 0; i++) {
		sqlite3_bind_int64(put, 1, store->boot_id);
		bind_seq(put, 2, seen->list[i].first);
		bind_seq(put, 3, seen->list[i].last);
		result = run(store, PUT_SEEN, err);
	}
	return result;
}

static const char *text_of(sqlite3_stmt *s, int column)
{
	return (const char *)sqlite3_column_text(s, column);
}

/* The end of a walk through rows: CODE is of the last step, RESULT of who took the row. */
static int end_walk(const struct sqlite_store *store, sqlite3_stmt *s, int code, int result,
		    struct bw_err *err)
{
	sqlite3_reset(s);
	if (result < 0)
		return bw_err_set(err, result, "%s", bw_error_text(result));
	return code == SQLITE_DONE ? 0 : fail(store, err);
}

static int each_vantage(void *self, int (*take)(void *arg, const struct store_vantage *row),
			void *arg, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[EACH_VANTAGE];
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_vantage row = {
			.name = text_of(s, 0),
			.boot = text_of(s, 1),
			.seq = (uint64_t)sqlite3_column_int64(s, 2),
			.last = {sqlite3_column_int64(s, 3)},
			.clock_offset_ns = sqlite3_column_int64(s, 4),
			.round_s = sqlite3_column_double(s, 5),
			.healthy = sqlite3_column_int(s, 6) != 0,
		};

		result = take(arg, &row);
	}
	return end_walk(store, s, code, result, err);
}

static int each_seen(void *self,
		     int (*take)(void *arg, const char *vantage, const char *boot,
				 struct seq_range range),
		     void *arg, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[EACH_SEEN];
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct seq_range range = {(uint64_t)sqlite3_column_int64(s, 2),
						(uint64_t)sqlite3_column_int64(s, 3)};

		result = take(arg, text_of(s, 0), text_of(s, 1), range);
	}
	return end_walk(store, s, code, result, err);
}

static int put_claim(void *self, const struct store_claim *row, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[PUT_CLAIM];
	char network[BW_PREFIX_TEXT], block[BW_PREFIX_TEXT];

	bind_text(s, 1, row->vantage);
	bind_text(s, 2, row->target);
	bind_text(s, 3, bw_prefix_format(&row->network, network));
	bind_text(s, 4, bw_prefix_format(&row->block, block));
	sqlite3_bind_int64(s, 5, row->claim.since_ns);
	sqlite3_bind_int(s, 6, row->claim.verdict);
	sqlite3_bind_int64(s, 7, row->claim.said_ns);
	sqlite3_bind_int64(s, 8, row->claim.earliest_ns);
	return run(store, PUT_CLAIM, err);
}

static int put_heard(void *self, const struct store_heard *row, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[PUT_HEARD];

	bind_text(s, 1, row->vantage);
	sqlite3_bind_int64(s, 2, row->from_ns);
	sqlite3_bind_int64(s, 3, row->to_ns);
	sqlite3_bind_int(s, 4, row->healthy);
	return run(store, PUT_HEARD, err);
}

static int put_title(void *self, const char *target, const char *title, struct bw_err *err)
{
	struct sqlite_store *store = self;

	bind_text(store->statements[PUT_TITLE], 1, target);
	bind_text(store->statements[PUT_TITLE], 2, title);
	return run(store, PUT_TITLE, err);
}

static bool read_claim(sqlite3_stmt *s, struct store_claim *row)
{
	*row = (struct store_claim){
		.vantage = text_of(s, 0),
		.target = text_of(s, 1),
		.claim = {.since_ns = sqlite3_column_int64(s, 4),
			  .verdict = (uint8_t)sqlite3_column_int(s, 5),
			  .said_ns = sqlite3_column_int64(s, 6),
			  .earliest_ns = sqlite3_column_int64(s, 7)},
	};
	return bw_prefix_parse(text_of(s, 2), &row->network, NULL) == 0 &&
	       bw_prefix_parse(text_of(s, 3), &row->block, NULL) == 0 &&
	       row->claim.verdict < BW_BLOCK_VERDICTS;
}

static int each_claim(void *self, int (*take)(void *arg, const struct store_claim *claim),
		      void *arg, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[EACH_CLAIM];
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		struct store_claim row;

		if (read_claim(s, &row))
			result = take(arg, &row);
	}
	return end_walk(store, s, code, result, err);
}

static int each_heard(void *self, int (*take)(void *arg, const struct store_heard *heard),
		      void *arg, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[EACH_HEARD];
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_heard row = {text_of(s, 0), sqlite3_column_int64(s, 1),
						sqlite3_column_int64(s, 2),
						sqlite3_column_int(s, 3) != 0};

		result = take(arg, &row);
	}
	return end_walk(store, s, code, result, err);
}

static int each_title(void *self, int (*take)(void *arg, const char *target, const char *title),
		      void *arg, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = store->statements[EACH_TITLE];
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW)
		result = take(arg, text_of(s, 0), text_of(s, 1));
	return end_walk(store, s, code, result, err);
}

static int forget_records(void *self, struct bw_wall before, struct bw_err *err)
{
	struct sqlite_store *store = self;

	sqlite3_bind_int64(store->statements[FORGET_RECORDS], 1, before.ns);
	return run(store, FORGET_RECORDS, err);
}

static void store_free(void *self)
{
	struct sqlite_store *store = self;

	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	forget_boot(store);
	free(store->path);
	free(store);
}

static const struct store_ops ops = {
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.put_record = put_record,
	.put_vantage = put_vantage,
	.put_seen = put_seen,
	.put_claim = put_claim,
	.put_heard = put_heard,
	.put_title = put_title,
	.each_vantage = each_vantage,
	.each_seen = each_seen,
	.each_claim = each_claim,
	.each_heard = each_heard,
	.each_title = each_title,
	.forget_records = forget_records,
	.free = store_free,
};

static int prepare(struct sqlite_store *store, struct bw_err *err)
{
	for (size_t i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(store->db, sql_of[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &store->statements[i], NULL) != SQLITE_OK)
			return fail(store, err);
	return 0;
}

static int open_all(struct sqlite_store *store, const char *path, struct bw_err *err)
{
	int code;

	store->path = strdup(path);
	if (!store->path)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (code != SQLITE_OK) {
		bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot open the database: %s",
			   store->db ? sqlite3_errmsg(store->db) : "out of memory");
		bw_err_place(err, path, 0, 0, NULL);
		return BW_ERR_UNAVAILABLE;
	}
	sqlite3_busy_timeout(store->db, BUSY_MS);
	code = sqlite_schema_apply(store->db, path, err);
	return code < 0 ? code : prepare(store, err);
}

int sqlite_store_open(const char *path, struct store *ret_store, struct bw_err *err)
{
	struct sqlite_store *store = calloc(1, sizeof(*store));
	int result;

	if (!store)
		return bw_err_set(err, -ENOMEM, "out of memory");
	result = open_all(store, path, err);
	if (result < 0) {
		store_free(store);
		return result;
	}
	*ret_store = (struct store){&ops, store};
	return 0;
}
