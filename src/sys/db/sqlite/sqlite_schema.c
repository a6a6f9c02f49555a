/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_schema.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

/*
 * Times are nanoseconds since 1970. `seen` has ranges of sequence numbers: it knows what was
 * taken for ever, also when the record itself is deleted. `claim`, `block`, `heard`, `health`,
 * `upstream` and `term` are what the history is made of: what each vantage said, as verdicts and
 * since when; which network a block is in; when a vantage was heard of, and was fit; what connected
 * it; how many upstream networks dark took. All but the last two are the same in whatever order
 * records came; `repeats` has when they said last what they had said before, until it is brought
 * into `claim` and `condition`. `hourly_part` has what records add to the hourly sums until it is
 * brought into `hourly_day`, a row a day and a vantage's view of a subject (`hourly_series`).
 */
static const char *const versions[] = {
	/* 1 */
	"CREATE TABLE vantage (name TEXT PRIMARY KEY, boot TEXT, seq INTEGER, last INTEGER, "
	"  clock_offset INTEGER, round REAL, healthy INTEGER) WITHOUT ROWID;"
	"CREATE TABLE boot (id INTEGER PRIMARY KEY, vantage TEXT NOT NULL, name TEXT NOT NULL, "
	"  UNIQUE (vantage, name));"
	"CREATE TABLE record (boot INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, "
	"  type INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (boot, seq)) WITHOUT ROWID;"
	"CREATE INDEX record_time ON record (time);"
	"CREATE TABLE seen (boot INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, "
	"  PRIMARY KEY (boot, first)) WITHOUT ROWID;",
	/* 2 */
	"CREATE TABLE target (name TEXT PRIMARY KEY, title TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE heard (vantage TEXT NOT NULL, start INTEGER NOT NULL, "
	"  until INTEGER NOT NULL, healthy INTEGER NOT NULL, PRIMARY KEY (vantage, start)) "
	"  WITHOUT ROWID;"
	"CREATE TABLE claim (vantage TEXT NOT NULL, target TEXT NOT NULL, network TEXT NOT NULL, "
	"  block TEXT NOT NULL, since INTEGER NOT NULL, verdict INTEGER NOT NULL, "
	"  said INTEGER NOT NULL, earliest INTEGER NOT NULL, "
	"  PRIMARY KEY (vantage, target, block, since, verdict)) WITHOUT ROWID;",
	/* 3: returns are pairs of numbers in one text */
	"CREATE TABLE outage (id INTEGER PRIMARY KEY, target TEXT NOT NULL, "
	"  scope INTEGER NOT NULL, subject TEXT NOT NULL, start INTEGER NOT NULL, "
	"  earliest INTEGER NOT NULL, end INTEGER NOT NULL, end_earliest INTEGER NOT NULL, "
	"returns TEXT NOT NULL, "
	"  revision INTEGER NOT NULL, withdrawn INTEGER NOT NULL);"
	"CREATE TABLE event (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, text TEXT NOT NULL);"
	"CREATE TABLE told (target TEXT NOT NULL, scope INTEGER NOT NULL, subject TEXT NOT NULL, "
	"  verdict INTEGER NOT NULL, PRIMARY KEY (target, scope, subject)) WITHOUT ROWID;",
	/* 4: messages wait for webhooks */
	"ALTER TABLE told ADD COLUMN event INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE told ADD COLUMN outage INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE message (number INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, "
	"  topic TEXT NOT NULL, key TEXT NOT NULL, time INTEGER NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX message_webhook ON message (webhook, number);"
	"CREATE TABLE webhook_told (webhook TEXT NOT NULL, topic TEXT NOT NULL, "
	"  value INTEGER NOT NULL, PRIMARY KEY (webhook, topic)) WITHOUT ROWID;",
	/* 5: a vantage counted as heard of for three rounds after its last record */
	"CREATE TABLE block (target TEXT NOT NULL, block TEXT NOT NULL, network TEXT NOT NULL, "
	"  said INTEGER NOT NULL, PRIMARY KEY (target, block)) WITHOUT ROWID;"
	"INSERT INTO block SELECT target, block, network, min(said) FROM claim "
	"  GROUP BY target, block;"
	"ALTER TABLE claim RENAME TO old_claim;"
	"CREATE TABLE claim (vantage TEXT NOT NULL, target TEXT NOT NULL, block TEXT NOT NULL, "
	"  bucket INTEGER NOT NULL, verdict INTEGER NOT NULL, since INTEGER NOT NULL, "
	"  said INTEGER NOT NULL, earliest INTEGER NOT NULL, "
	"  PRIMARY KEY (vantage, target, block, bucket, verdict)) WITHOUT ROWID;"
	"INSERT INTO claim SELECT vantage, target, block, since / 1000000, verdict, min(since), "
	"  min(said), min(earliest) FROM old_claim GROUP BY 1, 2, 3, 4, 5;"
	"DROP TABLE old_claim;"
	"CREATE TABLE health (vantage TEXT NOT NULL, time INTEGER NOT NULL, "
	"  healthy INTEGER NOT NULL, PRIMARY KEY (vantage, time)) WITHOUT ROWID;"
	"INSERT OR IGNORE INTO health SELECT vantage, start, healthy FROM heard;"
	"INSERT OR IGNORE INTO health SELECT vantage, until, healthy FROM heard;"
	"ALTER TABLE heard RENAME TO old_heard;"
	"CREATE TABLE heard (vantage TEXT NOT NULL, start INTEGER NOT NULL, "
	"  until INTEGER NOT NULL, PRIMARY KEY (vantage, start)) WITHOUT ROWID;"
	"INSERT INTO heard SELECT vantage, start, until + 3000000000 * coalesce((SELECT "
	"  CASE WHEN round > 0 THEN CAST(round AS INTEGER) END FROM vantage "
	"  WHERE name = old_heard.vantage), 60) FROM old_heard;"
	"DROP TABLE old_heard;"
	"CREATE TABLE upstream (vantage TEXT NOT NULL, start INTEGER NOT NULL, "
	"  asn INTEGER NOT NULL, PRIMARY KEY (vantage, start)) WITHOUT ROWID;"
	"CREATE TABLE term (start INTEGER PRIMARY KEY, quorum INTEGER NOT NULL);",
	/* 6: what vantages tell of an outage beside the verdict; path is JSON */
	"ALTER TABLE outage ADD COLUMN onset INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE outage ADD COLUMN path TEXT;"
	"CREATE TABLE dark_event (vantage TEXT NOT NULL, target TEXT NOT NULL, "
	"  scope INTEGER NOT NULL, subject TEXT NOT NULL, boot TEXT NOT NULL, "
	"  seq INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL, "
	"  onset INTEGER NOT NULL, path TEXT, path_rank INTEGER NOT NULL, "
	"  PRIMARY KEY (vantage, target, scope, subject)) WITHOUT ROWID;",
	/* 7: hourly sums */
	"CREATE TABLE hourly_part (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
	"CREATE TABLE hourly_series (id INTEGER PRIMARY KEY, target TEXT NOT NULL, "
	"  scope INTEGER NOT NULL, subject TEXT NOT NULL, vantage TEXT NOT NULL, "
	"  UNIQUE (target, scope, subject, vantage));"
	"CREATE TABLE hourly_day (day INTEGER NOT NULL, series INTEGER NOT NULL, "
	"  hours BLOB NOT NULL, PRIMARY KEY (day, series)) WITHOUT ROWID;",
	/* 8: conditions of blocks as last said, a set of bits; when boots were heard of */
	"CREATE TABLE condition (vantage TEXT NOT NULL, target TEXT NOT NULL, "
	"  block TEXT NOT NULL, said INTEGER NOT NULL, conditions INTEGER NOT NULL, "
	"  PRIMARY KEY (vantage, target, block)) WITHOUT ROWID;"
	"ALTER TABLE boot ADD COLUMN first_time INTEGER;"
	"ALTER TABLE boot ADD COLUMN last_time INTEGER;",
	/* 9: sums whose intervals began before what is kept (collect/follow/follow_kept.h) */
	"CREATE TABLE kept (target TEXT NOT NULL, scope INTEGER NOT NULL, subject TEXT NOT NULL, "
	"  until INTEGER NOT NULL, intervals TEXT NOT NULL, "
	"  PRIMARY KEY (target, scope, subject)) WITHOUT ROWID;",
	/* 10: two machines under one name */
	"ALTER TABLE boot ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;",
	/*
	 * 11: when was said last what was said before (collect/follow/follow_repeats.h), and when
	 * two machines were last side by side
	 */
	"CREATE TABLE repeats (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, "
	"  bytes BLOB NOT NULL);"
	"ALTER TABLE boot ADD COLUMN doubled INTEGER NOT NULL DEFAULT 0;",
};
#define VERSIONS ((int)(sizeof(versions) / sizeof(versions[0])))

static int fail_as(int code, sqlite3 *db, const char *path, struct bw_err *err)
{
	bw_err_set(err, code, "cannot be used as the collector's database: %s", sqlite3_errmsg(db));
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

static int fail(sqlite3 *db, const char *path, struct bw_err *err)
{
	return fail_as(BW_ERR_UNAVAILABLE, db, path, err);
}

/* The version of the schema; negative: it cannot be read. */
static int version_of(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	int version = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		version = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return version;
}

static bool run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool upgrade(sqlite3 *db, int from)
{
	char set[64];

	snprintf(set, sizeof(set), "PRAGMA user_version = %d", VERSIONS);
	if (!run(db, "BEGIN IMMEDIATE"))
		return false;
	for (int i = from; i < VERSIONS; i++)
		if (!run(db, versions[i]))
			return false;
	return run(db, set) && run(db, "COMMIT");
}

static int refuse_later(int code, int version, const char *path, struct bw_err *err)
{
	bw_err_set(err, code, "is of schema version %d, and this program knows %d: use a later one",
		   version, VERSIONS);
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

/* SQLite opens what it may only read without a word. */
static int refuse_read_only(const char *path, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_PRIVILEGE,
		   "cannot be written by the user %u of the collector: give it, and the files "
		   "-wal, -shm and .lock beside it, that owner (chown)",
		   (unsigned)geteuid());
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_PRIVILEGE;
}

/* Its log may be that of another user, too. A lock of another process is no matter here. */
static bool is_read_only(sqlite3 *db)
{
	int code = SQLITE_READONLY;

	if (sqlite3_db_readonly(db, "main") != 1) {
		run(db, "BEGIN IMMEDIATE");
		code = sqlite3_errcode(db) & 0xff;
	}
	if (!sqlite3_get_autocommit(db))
		run(db, "ROLLBACK");
	return code == SQLITE_READONLY || code == SQLITE_PERM;
}

int sqlite_schema_apply(sqlite3 *db, const char *path, struct bw_err *err)
{
	int version;

	if (is_read_only(db))
		return refuse_read_only(path, err);
	if (!run(db, "PRAGMA journal_mode = WAL") || !run(db, "PRAGMA synchronous = FULL"))
		return fail(db, path, err);
	version = version_of(db);
	if (version > VERSIONS)
		return refuse_later(BW_ERR_UNAVAILABLE, version, path, err);
	if (version < 0 || (version < VERSIONS && !upgrade(db, version)))
		return fail(db, path, err);
	return 0;
}

/* A code of SQLite: SQLITE_ERROR, where a table is missing. */
static int find_tables(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	const int code =
		sqlite3_prepare_v2(db, "SELECT 1 FROM vantage, boot, record, seen", -1, &s, NULL);

	sqlite3_finalize(s);
	return code;
}

/* The first complaint of SQLite about its pages; it is "ok" where there is none. */
static bool is_whole(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	bool whole = false;

	if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		whole = strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
	sqlite3_finalize(s);
	return whole;
}

int sqlite_schema_check(sqlite3 *db, const char *path, struct bw_err *err)
{
	const int version = version_of(db);
	const int found = find_tables(db);

	if (found == SQLITE_NOTADB || found == SQLITE_CORRUPT)
		return fail_as(BW_ERR_VALUE, db, path, err);
	if (version < 0 || (found != SQLITE_OK && found != SQLITE_ERROR))
		return fail(db, path, err);
	if (version > VERSIONS)
		return refuse_later(BW_ERR_VALUE, version, path, err);
	if (version == 0 || found != SQLITE_OK)
		bw_err_set(err, BW_ERR_VALUE, "is not the database of a collector");
	else if (!is_whole(db))
		bw_err_set(err, BW_ERR_VALUE, "is damaged: use another copy");
	else
		return 0;
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_VALUE;
}
