/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_events.h"

#include "sys/db/returns_text.h"
#include "sys/db/sqlite/sqlite_db.h"

static enum bw_onset onset_of(int number)
{
	return number >= BW_ONSET_UNKNOWN && number <= BW_ONSET_UNSTABLE ? (enum bw_onset)number
									 : BW_ONSET_UNKNOWN;
}

int sqlite_events_put_outage(void *self, const struct store_outage *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_OUTAGE);
	char returns[RETURNS_TEXT];

	returns_text_format(&row->outage, returns);
	sqlite_db_bind_unsigned(s, 1, row->id);
	sqlite_db_bind_text(s, 2, row->target);
	sqlite3_bind_int(s, 3, (int)row->scope);
	sqlite_db_bind_text(s, 4, row->subject);
	sqlite3_bind_int64(s, 5, row->outage.start_ns);
	sqlite3_bind_int64(s, 6, row->outage.earliest_ns);
	sqlite3_bind_int64(s, 7, row->outage.end_ns);
	sqlite3_bind_int64(s, 8, row->outage.end_earliest_ns);
	sqlite_db_bind_text(s, 9, returns);
	sqlite_db_bind_unsigned(s, 10, row->revision);
	sqlite3_bind_int(s, 11, row->withdrawn);
	sqlite3_bind_int(s, 12, (int)row->onset);
	sqlite_db_bind_text(s, 13, row->path);
	return sqlite_db_run(db, SQLITE_DO_PUT_OUTAGE, err);
}

int sqlite_events_each_outage(void *self, int (*take)(void *arg, const struct store_outage *outage),
			      void *arg, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_OUTAGE);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		struct store_outage row = {
			.id = (uint64_t)sqlite3_column_int64(s, 0),
			.target = sqlite_db_text(s, 1),
			.scope = (enum bw_scope)sqlite3_column_int(s, 2),
			.subject = sqlite_db_text(s, 3),
			.outage = {.start_ns = sqlite3_column_int64(s, 4),
				   .earliest_ns = sqlite3_column_int64(s, 5),
				   .end_ns = sqlite3_column_int64(s, 6),
				   .end_earliest_ns = sqlite3_column_int64(s, 7)},
			.revision = (uint64_t)sqlite3_column_int64(s, 9),
			.withdrawn = sqlite3_column_int(s, 10) != 0,
			.onset = onset_of(sqlite3_column_int(s, 11)),
			.path = sqlite_db_text(s, 12),
		};

		returns_text_parse(sqlite_db_text(s, 8), &row.outage);
		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_events_put_dark(void *self, const struct store_dark_event *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_DARK_EVENT);

	sqlite_db_bind_text(s, 1, row->vantage);
	sqlite_db_bind_text(s, 2, row->target);
	sqlite3_bind_int(s, 3, (int)row->scope);
	sqlite_db_bind_text(s, 4, row->subject);
	sqlite_db_bind_text(s, 5, row->boot);
	sqlite_db_bind_unsigned(s, 6, row->seq);
	sqlite3_bind_int64(s, 7, row->earliest_ns);
	sqlite3_bind_int64(s, 8, row->latest_ns);
	sqlite3_bind_int(s, 9, (int)row->onset);
	sqlite_db_bind_text(s, 10, row->path);
	sqlite3_bind_int(s, 11, (int)row->path_rank);
	return sqlite_db_run(db, SQLITE_DO_PUT_DARK_EVENT, err);
}

int sqlite_events_each_dark(void *self,
			    int (*take)(void *arg, const struct store_dark_event *event), void *arg,
			    struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_EACH_DARK_EVENT);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_dark_event row = {
			.vantage = sqlite_db_text(s, 0),
			.target = sqlite_db_text(s, 1),
			.scope = (enum bw_scope)sqlite3_column_int(s, 2),
			.subject = sqlite_db_text(s, 3),
			.boot = sqlite_db_text(s, 4),
			.seq = (uint64_t)sqlite3_column_int64(s, 5),
			.earliest_ns = sqlite3_column_int64(s, 6),
			.latest_ns = sqlite3_column_int64(s, 7),
			.onset = onset_of(sqlite3_column_int(s, 8)),
			.path = sqlite_db_text(s, 9),
			.path_rank = (unsigned)sqlite3_column_int(s, 10),
		};

		result = take(arg, &row);
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_events_put(void *self, uint64_t id, int64_t time_ns, const char *text,
		      struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_EVENT);

	sqlite_db_bind_unsigned(s, 1, id);
	sqlite3_bind_int64(s, 2, time_ns);
	sqlite_db_bind_text(s, 3, text);
	return sqlite_db_run(db, SQLITE_DO_PUT_EVENT, err);
}

static int walk(struct sqlite_db *db, sqlite3_stmt *s,
		int (*take)(void *arg, uint64_t id, const char *text), void *arg,
		struct bw_err *err)
{
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW)
		result = take(arg, (uint64_t)sqlite3_column_int64(s, 0), sqlite_db_text(s, 1));
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_events_before(void *self, uint64_t before, uint64_t limit,
			 int (*take)(void *arg, uint64_t id, const char *text), void *arg,
			 struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_EVENTS_BEFORE);

	sqlite3_bind_int64(s, 1, before > INT64_MAX ? INT64_MAX : (int64_t)before);
	sqlite3_bind_int64(s, 2, (int64_t)limit);
	return walk(self, s, take, arg, err);
}

int sqlite_events_after(void *self, uint64_t after, uint64_t limit,
			int (*take)(void *arg, uint64_t id, const char *text), void *arg,
			struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_EVENTS_AFTER);

	sqlite3_bind_int64(s, 1, after > INT64_MAX ? INT64_MAX : (int64_t)after);
	sqlite3_bind_int64(s, 2, (int64_t)limit);
	return walk(self, s, take, arg, err);
}

int sqlite_events_last(void *self, uint64_t *ret_id, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_LAST_EVENT);
	const int code = sqlite3_step(s);

	*ret_id = code == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return code == SQLITE_ROW ? 0 : sqlite_db_fail(db, err);
}

int sqlite_events_put_told(void *self, const struct store_told *told, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_TOLD);

	sqlite_db_bind_text(s, 1, told->target);
	sqlite3_bind_int(s, 2, (int)told->scope);
	sqlite_db_bind_text(s, 3, told->subject);
	sqlite3_bind_int(s, 4, (int)told->verdict);
	sqlite_db_bind_unsigned(s, 5, told->event);
	sqlite_db_bind_unsigned(s, 6, told->outage);
	return sqlite_db_run(db, SQLITE_DO_PUT_TOLD, err);
}

int sqlite_events_get_told(void *self, struct store_told *row, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_GET_TOLD);
	int code, verdict = BW_UNKNOWN;

	sqlite_db_bind_text(s, 1, row->target);
	sqlite3_bind_int(s, 2, (int)row->scope);
	sqlite_db_bind_text(s, 3, row->subject);
	code = sqlite3_step(s);
	row->event = row->outage = 0;
	if (code == SQLITE_ROW) {
		verdict = sqlite3_column_int(s, 0);
		row->event = (uint64_t)sqlite3_column_int64(s, 1);
		row->outage = (uint64_t)sqlite3_column_int64(s, 2);
		code = SQLITE_DONE;
	}
	row->verdict =
		verdict >= 0 && verdict < BW_VERDICTS ? (enum bw_verdict)verdict : BW_UNKNOWN;
	return sqlite_db_end(db, s, code, 0, err);
}

int sqlite_events_drop_outage(void *self, uint64_t id, struct bw_err *err)
{
	sqlite_db_bind_unsigned(sqlite_db_statement(self, SQLITE_DO_DROP_OUTAGE), 1, id);
	return sqlite_db_run(self, SQLITE_DO_DROP_OUTAGE, err);
}

int sqlite_events_forget(void *self, int64_t before_ns, bool *ret_more, struct bw_err *err)
{
	return sqlite_db_forget(self, SQLITE_DO_FORGET_EVENTS, before_ns, ret_more, err);
}
