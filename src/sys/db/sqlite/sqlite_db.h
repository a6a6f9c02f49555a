/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_DB_H
#define SYS_DB_SQLITE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include <blockwatch/err.h>

/*
 * Private to sys/db: a database with its statements, each prepared once. SQLite has no unsigned
 * numbers: those above INT64_MAX are stored as the negative ones.
 */

/* X(NAME, SQL): statements that are prepared once. */
#define STATEMENT_LIST(X)                                                                          \
	X(BEGIN, "BEGIN IMMEDIATE")                                                                \
	X(COMMIT, "COMMIT")                                                                        \
	X(ROLLBACK, "ROLLBACK")                                                                    \
	X(ADD_BOOT, "INSERT OR IGNORE INTO boot (vantage, name) VALUES (?, ?)")                    \
	X(FIND_BOOT, "SELECT id FROM boot WHERE vantage = ? AND name = ?")                         \
	X(PUT_RECORD, "INSERT OR IGNORE INTO record (boot, seq, time, type, line) "                \
		      "VALUES (?, ?, ?, ?, ?)")                                                    \
	X(PUT_VANTAGE, "REPLACE INTO vantage (name, boot, seq, last, clock_offset, round, "        \
		       "healthy) VALUES (?, ?, ?, ?, ?, ?, ?)")                                    \
	X(CLEAR_SEEN, "DELETE FROM seen WHERE boot = ? AND last >= ?")                             \
	X(PUT_SEEN, "INSERT INTO seen (boot, first, last) VALUES (?, ?, ?)")                       \
	X(EACH_VANTAGE, "SELECT name, boot, seq, last, clock_offset, round, healthy "              \
			"FROM vantage ORDER BY name")                                              \
	X(EACH_SEEN, "SELECT boot.vantage, boot.name, first, last FROM seen "                      \
		     "JOIN boot ON boot.id = seen.boot ORDER BY boot.id, first")                   \
	X(PUT_CLAIM, "INSERT INTO claim (vantage, target, block, bucket, verdict, since, said, "   \
		     "earliest) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "        \
		     "since = min(since, excluded.since), said = max(said, excluded.said), "       \
		     "earliest = min(earliest, excluded.earliest)")                                \
	X(PUT_PLACE, "INSERT INTO block (target, block, network, said) VALUES (?, ?, ?, ?) "       \
		     "ON CONFLICT DO UPDATE SET network = excluded.network, "                      \
		     "said = excluded.said "                                                       \
		     "WHERE (excluded.said, excluded.network) < (said, network)")                  \
	X(PUT_CONDITIONS, "INSERT INTO condition (vantage, target, block, said, conditions) "      \
			  "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "                      \
			  "said = excluded.said, conditions = excluded.conditions "                \
			  "WHERE excluded.said >= said")                                           \
	X(PUT_BOOT, "INSERT INTO boot (vantage, name, first_time, last_time, ignored, doubled) "   \
		    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "                         \
		    "first_time = excluded.first_time, last_time = excluded.last_time, "           \
		    "ignored = max(ignored, excluded.ignored), "                                   \
		    "doubled = max(doubled, excluded.doubled)")                                    \
	X(PUT_HEARD, "INSERT INTO heard (vantage, start, until) VALUES (?, ?, ?) "                 \
		     "ON CONFLICT DO UPDATE SET until = max(until, excluded.until)")               \
	X(PUT_HEALTH, "INSERT INTO health (vantage, time, healthy) VALUES (?, ?, ?) "              \
		      "ON CONFLICT DO UPDATE SET healthy = min(healthy, excluded.healthy)")        \
	X(DROP_HEALTH, "DELETE FROM health WHERE vantage = ? AND time = ?")                        \
	X(PUT_UPSTREAM, "REPLACE INTO upstream (vantage, start, asn) VALUES (?, ?, ?)")            \
	X(PUT_TERM, "REPLACE INTO term (start, quorum) VALUES (?, ?)")                             \
	X(PUT_TITLE, "REPLACE INTO target (name, title) VALUES (?, ?)")                            \
	X(EACH_CLAIM, "SELECT vantage, target, block, since, verdict, said, earliest FROM claim")  \
	X(EACH_PLACE, "SELECT target, block, network, said FROM block")                            \
	X(EACH_CONDITIONS, "SELECT vantage, target, block, said, conditions FROM condition")       \
	X(EACH_BOOT, "SELECT vantage, name, first_time, last_time, ignored, doubled FROM boot "    \
		     "WHERE last_time IS NOT NULL ORDER BY last_time DESC, vantage, name")         \
	X(EACH_HEARD, "SELECT vantage, start, until FROM heard ORDER BY vantage, start")           \
	X(EACH_HEALTH, "SELECT vantage, time, healthy FROM health ORDER BY vantage, time")         \
	X(EACH_UPSTREAM, "SELECT vantage, start, asn FROM upstream ORDER BY vantage, start")       \
	X(EACH_TERM, "SELECT start, quorum FROM term ORDER BY start")                              \
	X(EACH_TITLE, "SELECT name, title FROM target ORDER BY name")                              \
	X(PUT_OUTAGE, "REPLACE INTO outage (id, target, scope, subject, start, earliest, end, "    \
		      "end_earliest, returns, revision, withdrawn, onset, path) "                  \
		      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                            \
	X(EACH_OUTAGE, "SELECT id, target, scope, subject, start, earliest, end, end_earliest, "   \
		       "returns, revision, withdrawn, onset, path FROM outage ORDER BY id")        \
	X(PUT_DARK_EVENT,                                                                          \
	  "INSERT INTO dark_event (vantage, target, scope, subject, boot, seq, earliest, "         \
	  "latest, onset, path, path_rank) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "              \
	  "ON CONFLICT DO UPDATE SET boot = excluded.boot, seq = excluded.seq, "                   \
	  "earliest = excluded.earliest, latest = excluded.latest, onset = excluded.onset, "       \
	  "path = excluded.path, path_rank = excluded.path_rank "                                  \
	  "WHERE excluded.latest >= latest")                                                       \
	X(EACH_DARK_EVENT, "SELECT vantage, target, scope, subject, boot, seq, earliest, latest, " \
			   "onset, path, path_rank FROM dark_event "                               \
			   "ORDER BY latest, vantage, target, scope, subject")                     \
	X(PUT_EVENT, "REPLACE INTO event (id, time, text) VALUES (?, ?, ?)")                       \
	X(EVENTS_BEFORE, "SELECT id, text FROM event WHERE id < ? ORDER BY id DESC LIMIT ?")       \
	X(EVENTS_AFTER, "SELECT id, text FROM event WHERE id > ? ORDER BY id LIMIT ?")             \
	X(LAST_EVENT, "SELECT coalesce(max(id), 0) FROM event")                                    \
	X(PUT_TOLD, "REPLACE INTO told (target, scope, subject, verdict, event, outage) "          \
		    "VALUES (?, ?, ?, ?, ?, ?)")                                                   \
	X(GET_TOLD, "SELECT verdict, event, outage FROM told "                                     \
		    "WHERE target = ? AND scope = ? AND subject = ?")                              \
	X(PUT_MESSAGE, "INSERT INTO message (webhook, topic, key, time, text) "                    \
		       "VALUES (?, ?, ?, ?, ?)")                                                   \
	X(FIRST_MESSAGE, "SELECT number, webhook, topic, key, time, text FROM message "            \
			 "WHERE webhook = ? ORDER BY number LIMIT 1")                              \
	X(DROP_MESSAGE, "DELETE FROM message WHERE number = ?")                                    \
	X(DROP_SUPERSEDED,                                                                         \
	  "DELETE FROM message WHERE webhook = ? AND time < ? AND EXISTS (SELECT 1 "               \
	  "FROM message AS later WHERE later.webhook = message.webhook "                           \
	  "AND later.topic = message.topic AND later.number > message.number)")                    \
	X(EACH_WEBHOOK, "SELECT webhook FROM message UNION SELECT webhook FROM webhook_told "      \
			"ORDER BY webhook")                                                        \
	X(DROP_MESSAGES, "DELETE FROM message WHERE webhook = ?")                                  \
	X(DROP_WEBHOOK_TOLD, "DELETE FROM webhook_told WHERE webhook = ?")                         \
	X(PUT_WEBHOOK_TOLD, "REPLACE INTO webhook_told (webhook, topic, value) VALUES (?, ?, ?)")  \
	X(GET_WEBHOOK_TOLD, "SELECT value FROM webhook_told WHERE webhook = ? AND topic = ?")      \
	X(PUT_HOURLY_PART, "INSERT INTO hourly_part (bytes) VALUES (?)")                           \
	X(EACH_HOURLY_PART, "SELECT id, bytes FROM hourly_part ORDER BY id")                       \
	X(DROP_HOURLY_PARTS, "DELETE FROM hourly_part WHERE id <= ?")                              \
	X(PUT_REPEATS, "INSERT INTO repeats (time, bytes) VALUES (?, ?)")                          \
	X(EACH_REPEATS, "SELECT id, bytes FROM repeats WHERE time < ? ORDER BY id")                \
	X(DROP_REPEATS, "DELETE FROM repeats WHERE id = ?")                                        \
	X(ADD_HOURLY_SERIES, "INSERT OR IGNORE INTO hourly_series (target, scope, subject, "       \
			     "vantage) VALUES (?, ?, ?, ?)")                                       \
	X(PUT_HOURLY_DAY, "REPLACE INTO hourly_day (series, day, hours) VALUES ((SELECT id "       \
			  "FROM hourly_series WHERE target = ? AND scope = ? AND subject = ? "     \
			  "AND vantage = ?), ?, ?)")                                               \
	X(GET_HOURLY_DAY, "SELECT hours FROM hourly_series JOIN hourly_day ON series = id "        \
			  "WHERE target = ? AND scope = ? AND subject = ? AND vantage = ? "        \
			  "AND day = ?")                                                           \
	X(EACH_HOURLY_DAY, "SELECT vantage, hours FROM hourly_series CROSS JOIN hourly_day "       \
			   "ON series = id WHERE target = ? AND scope = ? AND subject = ? "        \
			   "AND day = ? ORDER BY vantage")                                         \
	X(HOURLY_DAYS, "SELECT coalesce((SELECT min(day) FROM hourly_day), 1), "                   \
		       "coalesce((SELECT max(day) FROM hourly_day), 0)")                           \
	X(PUT_KEPT, "REPLACE INTO kept (target, scope, subject, until, intervals) "                \
		    "VALUES (?, ?, ?, ?, ?)")                                                      \
	X(EACH_KEPT, "SELECT target, scope, subject, until, intervals FROM kept")                  \
	X(DROP_CLAIM, "DELETE FROM claim WHERE vantage = ? AND target = ? AND block = ? "          \
		      "AND bucket = ? AND verdict = ?")                                            \
	X(DROP_OUTAGE, "DELETE FROM outage WHERE id = ?")                                          \
	X(FORGET_EVENTS,                                                                           \
	  "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id < coalesce((SELECT id "    \
	  "FROM event WHERE time >= ? ORDER BY id LIMIT 1), (SELECT max(id) FROM event)) "         \
	  "ORDER BY id LIMIT ?)")                                                                  \
	X(FORGET_HOURLY_DAYS, "DELETE FROM hourly_day WHERE (day, series) IN (SELECT day, series " \
			      "FROM hourly_day WHERE day < ? LIMIT ?)")                            \
	X(FORGET_RECORDS, "DELETE FROM record WHERE (boot, seq) IN (SELECT boot, seq FROM record " \
			  "WHERE time < ? LIMIT ?)")

enum sqlite_statement {
#define X(NAME, sql) SQLITE_DO_##NAME,
	STATEMENT_LIST(X)
#undef X
		SQLITE_STATEMENTS
};

struct sqlite_db {
	sqlite3 *handle;
	sqlite3_stmt *statements[SQLITE_STATEMENTS];
	char *path;
	bool hurries; /* sqlite_db_stop_waiting() was called */
};

/* Opens or makes it. Returns 0, -ENOMEM or BW_ERR_UNAVAILABLE; sqlite_db_close() in all cases. */
int sqlite_db_open(struct sqlite_db *db, const char *path, struct bw_err *err);
void sqlite_db_close(struct sqlite_db *db);

/* A prepared statement, whose values can be bound. */
static inline sqlite3_stmt *sqlite_db_statement(const struct sqlite_db *db,
						enum sqlite_statement statement)
{
	return db->statements[statement];
}

/* Locks of other processes are waited for shortly from now on; then an error is -EBUSY. */
void sqlite_db_stop_waiting(struct sqlite_db *db);

/* The error that SQLite has just had, with the path. Returns BW_ERR_UNAVAILABLE or -EBUSY. */
int sqlite_db_fail(const struct sqlite_db *db, struct bw_err *err);

/* Runs a statement to its end. */
int sqlite_db_run(const struct sqlite_db *db, enum sqlite_statement statement, struct bw_err *err);

/*
 * Runs one that deletes at most STORE_FORGET_ROWS rows from before BEFORE, its two values.
 * *RET_MORE: there may be more.
 */
int sqlite_db_forget(const struct sqlite_db *db, enum sqlite_statement statement, int64_t before,
		     bool *ret_more, struct bw_err *err);

/* The end of a walk through rows: CODE is of the last step, RESULT of who took the row. */
int sqlite_db_end(const struct sqlite_db *db, sqlite3_stmt *s, int code, int result,
		  struct bw_err *err);

void sqlite_db_bind_text(sqlite3_stmt *s, int n, const char *text); /* NULL: null */
void sqlite_db_bind_unsigned(sqlite3_stmt *s, int n, uint64_t value);
const char *sqlite_db_text(sqlite3_stmt *s, int column);

#endif
