/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_outages.h"

#include "sys/db/postgresql/pg_store.h"
#include "sys/db/returns_text.h"

#define COLUMNS                                                         \
	"SELECT id, target, scope, subject, start, earliest, \"end\", " \
	"end_earliest, returns, revision, withdrawn, onset, path, written FROM outage "

int pg_outages_put(void *self, const struct store_outage *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};
	char returns[RETURNS_TEXT];

	returns_text_format(&row->outage, returns);
	pg_params_number(&params, (int64_t)row->id);
	pg_params_text(&params, row->target);
	pg_params_number(&params, row->scope);
	pg_params_text(&params, row->subject);
	pg_params_number(&params, row->outage.start_ns);
	pg_params_number(&params, row->outage.earliest_ns);
	pg_params_number(&params, row->outage.end_ns);
	pg_params_number(&params, row->outage.end_earliest_ns);
	pg_params_text(&params, returns);
	pg_params_number(&params, (int64_t)row->revision);
	pg_params_text(&params, row->withdrawn ? "t" : "f");
	pg_params_number(&params, row->onset);
	pg_params_text(&params, row->path);
	return pg_db_put(
		&store->db,
		"INSERT INTO outage (id, target, scope, subject, start, earliest, \"end\", "
		"end_earliest, returns, revision, withdrawn, onset, path, written) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
		"nextval('outage_written')) "
		"ON CONFLICT (id) DO UPDATE SET target = excluded.target, "
		"scope = excluded.scope, subject = excluded.subject, "
		"start = excluded.start, earliest = excluded.earliest, "
		"\"end\" = excluded.\"end\", end_earliest = excluded.end_earliest, "
		"returns = excluded.returns, revision = excluded.revision, "
		"withdrawn = excluded.withdrawn, onset = excluded.onset, "
		"path = excluded.path, written = excluded.written",
		&params, err);
}

static enum bw_onset onset_of(int64_t number)
{
	return number >= BW_ONSET_UNKNOWN && number <= BW_ONSET_UNSTABLE ? (enum bw_onset)number
									 : BW_ONSET_UNKNOWN;
}

struct outage_walk {
	int64_t written; /* the youngest of them */
	int (*take)(void *arg, const struct store_outage *outage);
	void *arg;
};

static int take_outage(void *arg, const PGresult *row)
{
	struct outage_walk *walk = arg;
	const int64_t written = pg_number(row, 13);
	struct store_outage outage = {
		.id = (uint64_t)pg_number(row, 0),
		.target = pg_text(row, 1),
		.scope = (enum bw_scope)pg_number(row, 2),
		.subject = pg_text(row, 3),
		.outage = {.start_ns = pg_number(row, 4),
			   .earliest_ns = pg_number(row, 5),
			   .end_ns = pg_number(row, 6),
			   .end_earliest_ns = pg_number(row, 7)},
		.revision = (uint64_t)pg_number(row, 9),
		.withdrawn = pg_text(row, 10)[0] == 't',
		.onset = onset_of(pg_number(row, 11)),
		.path = pg_text(row, 12),
	};

	returns_text_parse(pg_text(row, 8), &outage.outage);
	if (written > walk->written)
		walk->written = written;
	return walk->take(walk->arg, &outage);
}

int pg_outages_each(void *self, int (*take)(void *arg, const struct store_outage *outage),
		    void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct outage_walk walk = {store->outages_written, take, arg};
	const int result =
		pg_db_each(&store->db, COLUMNS "ORDER BY id", NULL, take_outage, &walk, err);

	if (result == 0)
		store->outages_written = walk.written;
	return result;
}

int pg_outages_each_new(void *self, int (*take)(void *arg, const struct store_outage *outage),
			void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct outage_walk walk = {store->outages_written, take, arg};
	struct pg_params params = {0};
	int result;

	pg_params_number(&params, store->outages_written);
	result = pg_db_each(&store->db, COLUMNS "WHERE written > $1 ORDER BY id", &params,
			    take_outage, &walk, err);
	if (result == 0)
		store->outages_written = walk.written;
	return result;
}

int pg_outages_put_dark(void *self, const struct store_dark_event *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, row->vantage);
	pg_params_text(&params, row->target);
	pg_params_number(&params, row->scope);
	pg_params_text(&params, row->subject);
	pg_params_text(&params, row->boot);
	pg_params_number(&params, (int64_t)row->seq);
	pg_params_number(&params, row->earliest_ns);
	pg_params_number(&params, row->latest_ns);
	pg_params_number(&params, row->onset);
	pg_params_text(&params, row->path);
	pg_params_number(&params, row->path_rank);
	return pg_db_put(&store->db,
			 "INSERT INTO dark_event (vantage, target, scope, subject, boot, seq, "
			 "earliest, latest, onset, path, path_rank) "
			 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
			 "ON CONFLICT (vantage, target, scope, subject) DO UPDATE SET "
			 "boot = excluded.boot, seq = excluded.seq, earliest = excluded.earliest, "
			 "latest = excluded.latest, onset = excluded.onset, path = excluded.path, "
			 "path_rank = excluded.path_rank "
			 "WHERE excluded.latest >= dark_event.latest",
			 &params, err);
}

struct dark_walk {
	int (*take)(void *arg, const struct store_dark_event *event);
	void *arg;
};

static int take_dark(void *arg, const PGresult *row)
{
	const struct dark_walk *walk = arg;
	const struct store_dark_event event = {
		.vantage = pg_text(row, 0),
		.target = pg_text(row, 1),
		.scope = (enum bw_scope)pg_number(row, 2),
		.subject = pg_text(row, 3),
		.boot = pg_text(row, 4),
		.seq = (uint64_t)pg_number(row, 5),
		.earliest_ns = pg_number(row, 6),
		.latest_ns = pg_number(row, 7),
		.onset = onset_of(pg_number(row, 8)),
		.path = pg_text(row, 9),
		.path_rank = (unsigned)pg_number(row, 10),
	};

	return walk->take(walk->arg, &event);
}

int pg_outages_each_dark(void *self, int (*take)(void *arg, const struct store_dark_event *event),
			 void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct dark_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT vantage, target, scope, subject, boot, seq, earliest, latest, "
			  "onset, path, path_rank FROM dark_event ORDER BY latest, "
			  "vantage COLLATE \"C\", target COLLATE \"C\", scope, "
			  "subject COLLATE \"C\"",
			  NULL, take_dark, &walk, err);
}

int pg_outages_drop(void *self, uint64_t id, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_number(&params, (int64_t)id);
	return pg_db_put(&store->db, "DELETE FROM outage WHERE id = $1", &params, err);
}
