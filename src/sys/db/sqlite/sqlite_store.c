/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_store.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/db/sqlite/sqlite_db.h"
#include "sys/db/sqlite/sqlite_events.h"
#include "sys/db/sqlite/sqlite_fleet.h"
#include "sys/db/sqlite/sqlite_history.h"
#include "sys/db/sqlite/sqlite_hourly.h"
#include "sys/db/sqlite/sqlite_lock.h"
#include "sys/db/sqlite/sqlite_part.h"
#include "sys/db/sqlite/sqlite_path.h"
#include "sys/db/sqlite/sqlite_repeats.h"
#include "sys/db/sqlite/sqlite_webhooks.h"

/* The database comes first: operations in other files take it alone. */
struct sqlite_store {
	struct sqlite_db db;
	int lock; /* descriptor of PATH.lock; -1: none */
	/* The boot of the last record: mostly that of the next, too. */
	char *vantage, *boot;
	sqlite3_int64 boot_id;
};

static int begin(void *self, struct bw_err *err)
{
	return sqlite_db_run(self, SQLITE_DO_BEGIN, err);
}

static int commit(void *self, struct bw_err *err)
{
	return sqlite_db_run(self, SQLITE_DO_COMMIT, err);
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
	if (!sqlite3_get_autocommit(store->db.handle))
		sqlite_db_run(&store->db, SQLITE_DO_ROLLBACK, NULL);
}

static int find_boot(struct sqlite_store *store, const char *vantage, const char *boot,
		     struct bw_err *err)
{
	sqlite3_stmt *add = sqlite_db_statement(&store->db, SQLITE_DO_ADD_BOOT),
		     *find = sqlite_db_statement(&store->db, SQLITE_DO_FIND_BOOT);
	int code;

	if (store->boot && strcmp(store->boot, boot) == 0 && strcmp(store->vantage, vantage) == 0)
		return 0;
	forget_boot(store);
	sqlite_db_bind_text(add, 1, vantage);
	sqlite_db_bind_text(add, 2, boot);
	sqlite_db_bind_text(find, 1, vantage);
	sqlite_db_bind_text(find, 2, boot);
	if (sqlite_db_run(&store->db, SQLITE_DO_ADD_BOOT, err) < 0)
		return BW_ERR_UNAVAILABLE;
	code = sqlite3_step(find);
	store->boot_id = code == SQLITE_ROW ? sqlite3_column_int64(find, 0) : 0;
	sqlite3_reset(find);
	if (code != SQLITE_ROW)
		return sqlite_db_fail(&store->db, err);
	store->vantage = strdup(vantage);
	store->boot = strdup(boot);
	if (!store->vantage || !store->boot)
		forget_boot(store);
	return 0;
}

static int put_record(void *self, const struct store_record *row, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = sqlite_db_statement(&store->db, SQLITE_DO_PUT_RECORD);
	const struct record_head *head = &row->record->head;

	if (find_boot(store, head->vantage, head->boot, err) < 0)
		return BW_ERR_UNAVAILABLE;
	sqlite3_bind_int64(s, 1, store->boot_id);
	sqlite_db_bind_unsigned(s, 2, head->seq);
	sqlite3_bind_int64(s, 3, head->time.ns);
	sqlite3_bind_int(s, 4, (int)row->record->type);
	sqlite3_bind_text(s, 5, row->line, (int)row->length, SQLITE_STATIC);
	return sqlite_db_run(&store->db, SQLITE_DO_PUT_RECORD, err);
}

static int put_vantage(void *self, const struct store_vantage *row, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = sqlite_db_statement(&store->db, SQLITE_DO_PUT_VANTAGE);

	sqlite_db_bind_text(s, 1, row->name);
	sqlite_db_bind_text(s, 2, row->boot);
	sqlite_db_bind_unsigned(s, 3, row->seq);
	sqlite3_bind_int64(s, 4, row->last.ns);
	sqlite3_bind_int64(s, 5, row->clock_offset_ns);
	sqlite3_bind_double(s, 6, row->round_s);
	sqlite3_bind_int(s, 7, row->healthy);
	return sqlite_db_run(&store->db, SQLITE_DO_PUT_VANTAGE, err);
}

/* The ranges of sets grow at their end, so most of them stay as they are. */
static int put_seen(void *self, const struct store_seen *seen, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *clear = sqlite_db_statement(&store->db, SQLITE_DO_CLEAR_SEEN);
	sqlite3_stmt *put = sqlite_db_statement(&store->db, SQLITE_DO_PUT_SEEN);
	const uint64_t from = seen->from > 0 ? seen->from - 1 : 0;
	int result = find_boot(store, seen->vantage, seen->boot, err);

	if (result < 0)
		return result;
	sqlite3_bind_int64(clear, 1, store->boot_id);
	sqlite_db_bind_unsigned(clear, 2, from);
	result = sqlite_db_run(&store->db, SQLITE_DO_CLEAR_SEEN, err);
	for (size_t i = seen->set->count; i > 0 && result == 0; i--) {
		const struct seq_range *range = &seen->set->list[i - 1];

		if (range->last < from)
			break;
		sqlite3_bind_int64(put, 1, store->boot_id);
		sqlite_db_bind_unsigned(put, 2, range->first);
		sqlite_db_bind_unsigned(put, 3, range->last);
		result = sqlite_db_run(&store->db, SQLITE_DO_PUT_SEEN, err);
	}
	return result;
}

static int each_vantage(void *self, int (*take)(void *arg, const struct store_vantage *row),
			void *arg, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = sqlite_db_statement(&store->db, SQLITE_DO_EACH_VANTAGE);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct store_vantage row = {
			.name = sqlite_db_text(s, 0),
			.boot = sqlite_db_text(s, 1),
			.seq = (uint64_t)sqlite3_column_int64(s, 2),
			.last = {sqlite3_column_int64(s, 3)},
			.clock_offset_ns = sqlite3_column_int64(s, 4),
			.round_s = sqlite3_column_double(s, 5),
			.healthy = sqlite3_column_int(s, 6) != 0,
		};

		result = take(arg, &row);
	}
	return sqlite_db_end(&store->db, s, code, result, err);
}

static int each_seen(void *self,
		     int (*take)(void *arg, const char *vantage, const char *boot,
				 struct seq_range range),
		     void *arg, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = sqlite_db_statement(&store->db, SQLITE_DO_EACH_SEEN);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct seq_range range = {(uint64_t)sqlite3_column_int64(s, 2),
						(uint64_t)sqlite3_column_int64(s, 3)};

		result = take(arg, sqlite_db_text(s, 0), sqlite_db_text(s, 1), range);
	}
	return sqlite_db_end(&store->db, s, code, result, err);
}

static int forget_records(void *self, struct bw_wall before, bool *ret_more, struct bw_err *err)
{
	struct sqlite_store *store = self;
	sqlite3_stmt *s = sqlite_db_statement(&store->db, SQLITE_DO_FORGET_RECORDS);
	int result;

	sqlite3_bind_int64(s, 1, before.ns);
	sqlite3_bind_int64(s, 2, STORE_FORGET_STEP);
	result = sqlite_db_run(&store->db, SQLITE_DO_FORGET_RECORDS, err);
	*ret_more = result == 0 && sqlite3_changes(store->db.handle) == STORE_FORGET_STEP;
	return result;
}

static void stop_waiting(void *self)
{
	struct sqlite_store *store = self;

	sqlite_db_stop_waiting(&store->db);
}

static void store_free(void *self)
{
	struct sqlite_store *store = self;

	sqlite_db_close(&store->db);
	if (store->lock >= 0)
		close(store->lock);
	forget_boot(store);
	free(store);
}

static const struct store_ops ops = {
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.put_record = put_record,
	.put_vantage = put_vantage,
	.put_seen = put_seen,
	.put_claim = sqlite_history_put_claim,
	.put_place = sqlite_history_put_place,
	.put_conditions = sqlite_history_put_conditions,
	.put_boot = sqlite_fleet_put_boot,
	.put_heard = sqlite_fleet_put_heard,
	.put_health = sqlite_fleet_put_health,
	.drop_health = sqlite_fleet_drop_health,
	.put_upstream = sqlite_fleet_put_upstream,
	.put_term = sqlite_fleet_put_term,
	.put_kept = sqlite_history_put_kept,
	.each_kept = sqlite_history_each_kept,
	.put_title = sqlite_history_put_title,
	.each_vantage = each_vantage,
	.each_seen = each_seen,
	.each_claim = sqlite_history_each_claim,
	.each_place = sqlite_history_each_place,
	.each_conditions = sqlite_history_each_conditions,
	.each_boot = sqlite_fleet_each_boot,
	.each_heard = sqlite_fleet_each_heard,
	.each_health = sqlite_fleet_each_health,
	.each_upstream = sqlite_fleet_each_upstream,
	.each_term = sqlite_fleet_each_term,
	.each_title = sqlite_history_each_title,
	.put_outage = sqlite_events_put_outage,
	.each_outage = sqlite_events_each_outage,
	.put_dark_event = sqlite_events_put_dark,
	.each_dark_event = sqlite_events_each_dark,
	.put_event = sqlite_events_put,
	.events_before = sqlite_events_before,
	.events_after = sqlite_events_after,
	.last_event = sqlite_events_last,
	.put_told = sqlite_events_put_told,
	.get_told = sqlite_events_get_told,
	.put_message = sqlite_webhooks_put,
	.first_message = sqlite_webhooks_first,
	.drop_message = sqlite_webhooks_drop,
	.drop_superseded = sqlite_webhooks_drop_superseded,
	.each_webhook = sqlite_webhooks_each,
	.drop_webhook = sqlite_webhooks_drop_all,
	.put_webhook_told = sqlite_webhooks_put_told,
	.get_webhook_told = sqlite_webhooks_get_told,
	.forget_records = forget_records,
	.put_repeats = sqlite_repeats_put,
	.each_repeats = sqlite_repeats_each,
	.take_repeats = sqlite_repeats_take,
	.put_hourly_part = sqlite_hourly_put_part,
	.each_hourly_part = sqlite_hourly_each_part,
	.take_hourly_parts = sqlite_hourly_take_parts,
	.put_hourly_day = sqlite_hourly_put_day,
	.get_hourly_days = sqlite_hourly_get_days,
	.each_hourly_day = sqlite_hourly_each_day,
	.hourly_days = sqlite_hourly_days,
	.forget_hourly_days = sqlite_hourly_forget_days,
	.forget_events = sqlite_events_forget,
	.drop_outage = sqlite_events_drop_outage,
	.drop_claim = sqlite_history_drop_claim,
	.stop_waiting = stop_waiting,
	.free = store_free,
};

static int open_locked(struct sqlite_store *store, const char *path, struct bw_err *err)
{
	char file[PATH_MAX];
	int result = sqlite_path_resolve(path, file, err);

	if (result < 0)
		return result;
	store->lock = sqlite_lock_take(file, err);
	if (store->lock < 0)
		return store->lock;
	sqlite_part_sweep(file); /* of a restore that was killed: others cannot run now */
	return sqlite_db_open(&store->db, file, err);
}

int sqlite_store_open(const char *path, struct store *ret_store, struct bw_err *err)
{
	struct sqlite_store *store = calloc(1, sizeof(*store));
	int result;

	if (!store)
		return bw_err_set(err, -ENOMEM, "out of memory");
	store->lock = -1;
	result = open_locked(store, path, err);
	if (result < 0) {
		store_free(store);
		return result;
	}
	*ret_store = (struct store){&ops, store};
	return 0;
}
