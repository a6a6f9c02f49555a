/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_events.h"

#include "sys/db/postgresql/pg_store.h"

int pg_events_put(void *self, uint64_t id, int64_t time_ns, const char *text, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_number(&params, (int64_t)id);
	pg_params_number(&params, time_ns);
	pg_params_text(&params, text);
	return pg_db_put(&store->db,
			 "INSERT INTO event (id, time, text) VALUES ($1, $2, $3) ON CONFLICT (id) "
			 "DO UPDATE SET time = excluded.time, text = excluded.text",
			 &params, err);
}

struct event_walk {
	int (*take)(void *arg, uint64_t id, const char *text);
	void *arg;
};

static int take_event(void *arg, const PGresult *row)
{
	const struct event_walk *walk = arg;

	return walk->take(walk->arg, (uint64_t)pg_number(row, 0), pg_text(row, 1));
}

static int walk_events(struct pg_store *store, const char *sql, uint64_t id, uint64_t limit,
		       struct event_walk *walk, struct bw_err *err)
{
	struct pg_params params = {0};

	pg_params_number(&params, id > INT64_MAX ? INT64_MAX : (int64_t)id);
	pg_params_number(&params, (int64_t)limit);
	return pg_db_each(&store->db, sql, &params, take_event, walk, err);
}

int pg_events_before(void *self, uint64_t before, uint64_t limit,
		     int (*take)(void *arg, uint64_t id, const char *text), void *arg,
		     struct bw_err *err)
{
	struct event_walk walk = {take, arg};

	return walk_events(self,
			   "SELECT id, text FROM event WHERE id < $1 ORDER BY id DESC LIMIT $2",
			   before, limit, &walk, err);
}

int pg_events_after(void *self, uint64_t after, uint64_t limit,
		    int (*take)(void *arg, uint64_t id, const char *text), void *arg,
		    struct bw_err *err)
{
	struct event_walk walk = {take, arg};

	return walk_events(self, "SELECT id, text FROM event WHERE id > $1 ORDER BY id LIMIT $2",
			   after, limit, &walk, err);
}

static int take_id(void *arg, const PGresult *row)
{
	*(uint64_t *)arg = (uint64_t)pg_number(row, 0);
	return 0;
}

int pg_events_last(void *self, uint64_t *ret_id, struct bw_err *err)
{
	struct pg_store *store = self;

	*ret_id = 0;
	return pg_db_each(&store->db, "SELECT coalesce(max(id), 0) FROM event", NULL, take_id,
			  ret_id, err);
}

int pg_events_put_told(void *self, const struct store_told *told, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, told->target);
	pg_params_number(&params, told->scope);
	pg_params_text(&params, told->subject);
	pg_params_number(&params, told->verdict);
	pg_params_number(&params, (int64_t)told->event);
	pg_params_number(&params, (int64_t)told->outage);
	return pg_db_put(&store->db,
			 "INSERT INTO told (target, scope, subject, verdict, event, outage) "
			 "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (target, scope, subject) "
			 "DO UPDATE SET verdict = excluded.verdict, event = excluded.event, "
			 "outage = excluded.outage",
			 &params, err);
}

static int take_told(void *arg, const PGresult *row)
{
	struct store_told *told = arg;
	const int64_t verdict = pg_number(row, 0);

	if (verdict >= 0 && verdict < BW_VERDICTS)
		told->verdict = (enum bw_verdict)verdict;
	told->event = (uint64_t)pg_number(row, 1);
	told->outage = (uint64_t)pg_number(row, 2);
	return 0;
}

int pg_events_get_told(void *self, struct store_told *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	row->verdict = BW_UNKNOWN;
	row->event = row->outage = 0;
	pg_params_text(&params, row->target);
	pg_params_number(&params, row->scope);
	pg_params_text(&params, row->subject);
	return pg_db_each(&store->db,
			  "SELECT verdict, event, outage FROM told "
			  "WHERE target = $1 AND scope = $2 AND subject = $3",
			  &params, take_told, row, err);
}

int pg_events_forget(void *self, int64_t before_ns, bool *ret_more, struct bw_err *err)
{
	struct pg_store *store = self;

	return pg_db_forget(&store->db,
			    "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id < "
			    "coalesce((SELECT id FROM event WHERE time >= $1 ORDER BY id LIMIT 1), "
			    "(SELECT max(id) FROM event)) ORDER BY id LIMIT $2) RETURNING 1",
			    before_ns, ret_more, err);
}
