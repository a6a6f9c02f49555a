/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sys/db/postgresql/pg_peers.h"
#include "sys/db/postgresql/pg_schema.h"
#include "sys/machine/clock.h"

#define DAY_NS (86400 * BW_S)
#define DAYS_BACK 60           /* older records have no partition of their own */
#define FLUSH_BYTES (1U << 20) /* so much waits in memory */

void pg_records_forget(struct pg_store *store)
{
	free(store->vantage);
	free(store->boot);
	store->vantage = store->boot = NULL;
	store->day_count = 0;
}

static int take_id(void *arg, const PGresult *row)
{
	*(int64_t *)arg = pg_number(row, 0);
	return 0;
}

static int find_boot(struct pg_store *store, const char *vantage, const char *boot,
		     struct bw_err *err)
{
	struct pg_params params = {0};
	int result;

	if (store->boot && strcmp(store->boot, boot) == 0 && strcmp(store->vantage, vantage) == 0)
		return 0;
	free(store->vantage);
	free(store->boot);
	store->vantage = store->boot = NULL;
	pg_params_text(&params, vantage);
	pg_params_text(&params, boot);
	result =
		pg_db_put(&store->db,
			  "INSERT INTO boot (vantage, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
			  &params, err);
	if (result == 0)
		result = pg_db_each(&store->db,
				    "SELECT id FROM boot WHERE vantage = $1 AND name = $2", &params,
				    take_id, &store->boot_id, err);
	if (result < 0)
		return result;
	store->vantage = strdup(vantage);
	store->boot = strdup(boot);
	if (!store->vantage || !store->boot)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

/* Days of the last two months have partitions; so nobody makes thousands by false times. */
static int note_day(struct pg_store *store, struct bw_wall time, struct bw_err *err)
{
	const int64_t day = time.ns / DAY_NS, today = clock_now().wall.ns / DAY_NS;
	int result;

	if (day < today - DAYS_BACK || day > today + 1)
		return 0;
	for (size_t n = store->day_count; n > 0; n--)
		if (store->days[n - 1] == day)
			return 0;
	result = pg_schema_add_day(&store->db, day, err);
	if (store->day_count == PG_STORE_DAYS)
		store->day_count = 0;
	store->days[store->day_count++] = day;
	return result;
}

int pg_records_put(void *self, const struct store_record *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_RECORD];
	const struct record_head *head = &row->record->head;
	int result = find_boot(store, head->vantage, head->boot, err);

	if (result == 0)
		result = note_day(store, head->time, err);
	if (result < 0)
		return result;
	pg_stage_number(stage, store->boot_id, false);
	pg_stage_number(stage, (int64_t)head->seq, false);
	pg_stage_number(stage, head->time.ns, false);
	pg_stage_number(stage, (int64_t)row->record->type, false);
	pg_stage_text(stage, row->line, row->length, true);
	result = pg_peers_admit(store, row, err);
	if (result < 0)
		return result;
	if (stage->length < FLUSH_BYTES)
		return 0;
	return pg_stage_flush(&store->db, PG_STAGE_RECORD, stage, err);
}

static int put_range(struct pg_store *store, const struct seq_range *range, struct bw_err *err)
{
	struct pg_params params = {0};

	pg_params_number(&params, store->boot_id);
	pg_params_number(&params, (int64_t)range->first);
	pg_params_number(&params, (int64_t)range->last);
	return pg_db_put(&store->db, "INSERT INTO seen (boot, first, last) VALUES ($1, $2, $3)",
			 &params, err);
}

/* The ranges of sets grow at their end, so most of them stay as they are. */
int pg_records_put_seen(void *self, const struct store_seen *seen, struct bw_err *err)
{
	struct pg_store *store = self;
	const uint64_t from = seen->from > 0 ? seen->from - 1 : 0;
	struct pg_params params = {0};
	int result = find_boot(store, seen->vantage, seen->boot, err);

	if (result < 0)
		return result;
	pg_params_number(&params, store->boot_id);
	pg_params_number(&params, (int64_t)from);
	result = pg_db_put(&store->db, "DELETE FROM seen WHERE boot = $1 AND last >= $2", &params,
			   err);
	for (size_t n = seen->set->count; n > 0 && result == 0; n--) {
		if (seen->set->list[n - 1].last < from)
			break;
		result = put_range(store, &seen->set->list[n - 1], err);
	}
	return result;
}

struct seen_walk {
	int (*take)(void *arg, const char *vantage, const char *boot, struct seq_range range);
	void *arg;
};

static int take_seen(void *arg, const PGresult *row)
{
	const struct seen_walk *walk = arg;
	const struct seq_range range = {(uint64_t)pg_number(row, 2), (uint64_t)pg_number(row, 3)};

	return walk->take(walk->arg, pg_text(row, 0), pg_text(row, 1), range);
}

int pg_records_each_seen(void *self,
			 int (*take)(void *arg, const char *vantage, const char *boot,
				     struct seq_range range),
			 void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct seen_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT boot.vantage, boot.name, first, last FROM seen "
			  "JOIN boot ON boot.id = seen.boot ORDER BY boot.id, first",
			  NULL, take_seen, &walk, err);
}

static int take_name(void *arg, const PGresult *row)
{
	snprintf(arg, 32, "%s", pg_text(row, 0));
	return 0;
}

static int take_count(void *arg, const PGresult *row)
{
	*(int64_t *)arg = pg_number(row, 0);
	return 0;
}

static int delete_rows(struct pg_store *store, struct bw_wall before, bool *ret_more,
		       struct bw_err *err)
{
	struct pg_params params = {0};
	int64_t count = 0;
	int result;

	pg_params_number(&params, before.ns / BW_S);
	pg_params_number(&params, STORE_FORGET_STEP);
	result = pg_db_each(&store->db,
			    "WITH gone AS (DELETE FROM record_old WHERE ctid = ANY (ARRAY("
			    "SELECT ctid FROM record_old WHERE time < to_timestamp($1) LIMIT $2)) "
			    "RETURNING 1) SELECT count(*) FROM gone",
			    &params, take_count, &count, err);
	*ret_more = result == 0 && count == STORE_FORGET_STEP;
	return result;
}

int pg_records_forget_old(void *self, struct bw_wall before, bool *ret_more, struct bw_err *err)
{
	struct pg_store *store = self;
	const time_t seconds = (time_t)(before.ns / BW_S);
	struct pg_params params = {0};
	char limit[32], oldest[32] = "", sql[64];
	struct tm day;
	int result;

	gmtime_r(&seconds, &day);
	strftime(limit, sizeof(limit), "record_%Y%m%d", &day);
	pg_params_text(&params, limit);
	result =
		pg_db_each(&store->db,
			   "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid "
			   "WHERE inhparent = 'record'::regclass AND relname ~ '^record_[0-9]{8}$' "
			   "AND relname::text COLLATE \"C\" < $1 ORDER BY relname LIMIT 1",
			   &params, take_name, oldest, err);
	if (result < 0)
		return result;
	if (!oldest[0])
		return delete_rows(store, before, ret_more, err);
	snprintf(sql, sizeof(sql), "DROP TABLE %s", oldest);
	store->day_count = 0;
	*ret_more = true;
	return pg_db_run(&store->db, sql, err);
}
