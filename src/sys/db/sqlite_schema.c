/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite_schema.h"

#include <stdbool.h>
#include <stdio.h>

#include <sqlite3.h>

/*
 * Times are nanoseconds since 1970. `seen` has ranges of sequence numbers: it knows what was
 * taken for ever, also when the record itself is deleted. `claim` and `heard` are what the history
 * is made of: what each vantage said, as verdicts and since when, and when it was heard of.
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
};
#define VERSIONS ((int)(sizeof(versions) / sizeof(versions[0])))

static int fail(sqlite3 *db, const char *path, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot be used as the collector's database: %s",
		   sqlite3_errmsg(db));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
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

int sqlite_schema_apply(sqlite3 *db, const char *path, struct bw_err *err)
{
	int version;

	if (!run(db, "PRAGMA journal_mode = WAL") || !run(db, "PRAGMA synchronous = FULL"))
		return fail(db, path, err);
	version = version_of(db);
	if (version > VERSIONS) {
		bw_err_set(err, BW_ERR_UNAVAILABLE,
			   "is of schema version %d, and this program knows %d: use a later one",
			   version, VERSIONS);
		bw_err_place(err, path, 0, 0, NULL);
		return BW_ERR_UNAVAILABLE;
	}
	if (version < 0 || (version < VERSIONS && !upgrade(db, version)))
		return fail(db, path, err);
	return 0;
}
