/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_peers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/machine/clock.h"

/* Any numbers, the same in all collectors. */
#define LEADER "4993451021"
#define MEMBER_CLASS "1162"
#define MEMBER "1, " MEMBER_CLASS
#define SCHEMA "4993451022"

#define OTHERS                                                                            \
	"(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1 AND " \
	"objid = " MEMBER_CLASS " AND objsubid = 2 AND granted AND pid <> "               \
	"pg_backend_pid() AND database = (SELECT oid FROM pg_database "                   \
	"WHERE datname = current_database()))"

#define LOOK_NS (500 * BW_MS) /* between looks at who is there */
#define NEWS_NS (50 * BW_MS)  /* and for notifications, while somebody is */
#define DELETE_NS (10 * BW_S) /* between deletions of what nobody needs any more */
#define PATIENCE "300ms"      /* of a start, for a session that is ending */
#define PART_BYTES (1U << 20) /* of the lines in one row */
#define CHANNEL "blockwatch"

static int take_number(void *arg, const PGresult *row)
{
	*(int64_t *)arg = pg_number(row, 0);
	return 0;
}

static int take_flag(void *arg, const PGresult *row)
{
	*(bool *)arg = PQgetvalue(row, 0, 0)[0] == 't';
	return 0;
}

int pg_peers_join(struct pg_db *db, struct bw_err *err)
{
	db->has_news = true;
	return pg_db_run(db, "SELECT pg_advisory_lock_shared(" MEMBER "); LISTEN " CHANNEL, err);
}

int pg_peers_try_to_lead(struct pg_db *db, bool patient, struct bw_err *err)
{
	if (!patient)
		return pg_db_each(db, "SELECT pg_try_advisory_lock(" LEADER ")", NULL, take_flag,
				  &db->leads, err);
	/* It fails when another one leads. */
	db->leads =
		pg_db_run(db,
			  "SET lock_timeout = '" PATIENCE "'; SELECT pg_advisory_lock(" LEADER ")",
			  NULL) == 0;
	return pg_db_run(db, "SET lock_timeout = 0", err);
}

int pg_peers_lock_schema(struct pg_db *db, bool *ret_alone, struct bw_err *err)
{
	int64_t others = 0;
	int result = pg_db_run(db, "SELECT pg_advisory_xact_lock(" SCHEMA ")", err);

	if (result == 0)
		result = pg_db_each(db, "SELECT " OTHERS, NULL, take_number, &others, err);
	*ret_alone = others == 0;
	return result;
}

static int take_place(void *arg, const PGresult *row)
{
	struct pg_peers *peers = arg;

	peers->locked = pg_number(row, 0);
	peers->others = pg_number(row, 1) > 0;
	return 0;
}

int pg_peers_lock(struct pg_store *store, struct bw_err *err)
{
	return pg_db_each(&store->db, "SELECT position, " OTHERS " FROM collector FOR UPDATE", NULL,
			  take_place, &store->peers, err);
}

static int put_part(struct pg_store *store, struct bw_err *err)
{
	struct pg_peers *peers = &store->peers;
	struct pg_params params = {0};

	if (peers->length == 0)
		return 0;
	peers->lines[peers->length] = '\0';
	pg_params_number(&params, peers->locked + 1);
	pg_params_number(&params, peers->parts++);
	pg_params_number(&params, peers->came_ns);
	pg_params_text(&params, peers->lines);
	peers->length = 0;
	return pg_db_put(&store->db,
			 "INSERT INTO admission (position, part, time, lines) "
			 "VALUES ($1, $2, $3, $4)",
			 &params, err);
}

static int reserve(struct pg_peers *peers, size_t length, struct bw_err *err)
{
	size_t room = peers->room ? peers->room : PART_BYTES;
	char *lines;

	while (room - peers->length < length)
		room *= 2;
	if (room == peers->room)
		return 0;
	lines = realloc(peers->lines, room);
	if (!lines)
		return bw_err_set(err, -ENOMEM, "out of memory");
	peers->lines = lines;
	peers->room = room;
	return 0;
}

int pg_peers_admit(struct pg_store *store, const struct store_record *row, struct bw_err *err)
{
	struct pg_peers *peers = &store->peers;
	int result;

	peers->changed = true;
	if (!peers->others)
		return 0;
	result = reserve(peers, row->length + 2, err);
	if (result < 0)
		return result;
	memcpy(peers->lines + peers->length, row->line, row->length);
	peers->length += row->length;
	peers->lines[peers->length++] = '\n';
	peers->came_ns = row->came.ns;
	return peers->length < PART_BYTES ? 0 : put_part(store, err);
}

void pg_peers_break(struct pg_store *store)
{
	store->peers.changed = true;
}

int pg_peers_publish(struct pg_store *store, struct bw_err *err)
{
	struct pg_peers *peers = &store->peers;
	int result = put_part(store, err);

	if (result == 0 && peers->changed)
		result = pg_db_run(&store->db, "UPDATE collector SET position = position + 1", err);
	if (result == 0 && peers->others)
		result = pg_db_run(&store->db, "NOTIFY " CHANNEL, err);
	return result;
}

/* What others have admitted before, and is not known here, stays to be read. */
void pg_peers_keep(struct pg_store *store)
{
	struct pg_peers *peers = &store->peers;

	if (peers->changed && peers->position == peers->locked)
		peers->position++;
	pg_peers_drop(store);
}

void pg_peers_drop(struct pg_store *store)
{
	store->peers.changed = false;
	store->peers.length = 0;
	store->peers.parts = 0;
}

static void take_notices(struct pg_db *db)
{
	PGnotify *notice;

	PQconsumeInput(db->connection);
	while ((notice = PQnotifies(db->connection)) != NULL) {
		if (notice->be_pid != PQbackendPID(db->connection))
			db->has_news = true;
		PQfreemem(notice);
	}
}

/* A query now and then also keeps the server from ending the session as one that is asleep. */
static void look(struct pg_store *store, int64_t now_ns)
{
	struct pg_db *db = &store->db;
	int64_t others = 0;

	if (pg_db_each(db, "SELECT " OTHERS, NULL, take_number, &others, NULL) < 0)
		return;
	store->peers.others = others > 0;
	if (!db->leads)
		pg_peers_try_to_lead(db, false, NULL);
	if (!db->leads || now_ns < store->peers.delete_ns)
		return;
	store->peers.delete_ns = now_ns + DELETE_NS;
	pg_db_run(db,
		  "DELETE FROM admission WHERE put < now() - interval '" PG_PEERS_KEEP " seconds'",
		  NULL);
}

void pg_peers_watch(struct pg_store *store, int64_t *next_ns)
{
	struct pg_peers *peers = &store->peers;
	const int64_t now_ns = clock_now().mono.ns;

	if (now_ns >= peers->look_ns) {
		look(store, now_ns);
		peers->look_ns = now_ns + LOOK_NS;
	}
	if (store->db.connection)
		take_notices(&store->db);
	if (*next_ns > (peers->others ? NEWS_NS : LOOK_NS))
		*next_ns = peers->others ? NEWS_NS : LOOK_NS;
}

bool pg_peers_leads(void *self)
{
	const struct pg_store *store = self;

	return store->db.ready && store->db.leads;
}

bool pg_peers_take_news(void *self)
{
	struct pg_store *store = self;
	const bool has_news = store->db.has_news && store->db.ready;

	if (has_news)
		store->db.has_news = false;
	return has_news;
}

/* Whoever has begun before this session was there does not know of it: that is waited for. */
int pg_peers_begin_load(void *self, struct bw_err *err)
{
	struct pg_store *store = self;
	int64_t position;
	int result = pg_db_each(&store->db, "SELECT position FROM collector FOR UPDATE", NULL,
				take_number, &position, err);

	if (result == 0)
		result = pg_db_begin_with(&store->db,
					  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
	if (result == 0)
		result = pg_db_each(&store->db, "SELECT position FROM collector", NULL, take_number,
				    &store->peers.loading, err);
	return result;
}

void pg_peers_has_loaded(void *self)
{
	struct pg_store *store = self;

	store->peers.position = store->peers.loading;
}

struct walk {
	int (*take)(void *arg, const struct store_admission *admission);
	void *arg;
	int64_t position; /* of the last row */
	int64_t until;    /* of the last transaction */
};

static int take_admission(void *arg, const PGresult *row)
{
	struct walk *walk = arg;
	const struct store_admission admission = {
		.lines = pg_text(row, 3),
		.length = (size_t)PQgetlength(row, 0, 3),
		.time = {pg_number(row, 2)},
	};
	const int64_t position = pg_number(row, 1);

	walk->until = pg_number(row, 0);
	if (!admission.lines)
		return 0;
	if (position != walk->position && position != walk->position + 1)
		return BW_ERR_MISSING;
	walk->position = position;
	return walk->take(walk->arg, &admission);
}

int pg_peers_each_admission(void *self,
			    int (*take)(void *arg, const struct store_admission *admission),
			    void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_peers *peers = &store->peers;
	struct walk walk = {take, arg, peers->position, peers->position};
	struct pg_params params = {0};
	int result;

	if (store->db.in_transaction && peers->locked == peers->position)
		return 0;
	pg_params_number(&params, peers->position);
	result = pg_db_each(&store->db,
			    "SELECT collector.position, admission.position, time, lines "
			    "FROM collector LEFT JOIN admission ON admission.position > $1 "
			    "ORDER BY 2, part",
			    &params, take_admission, &walk, err);
	if (result == 0 && walk.position != walk.until)
		result = bw_err_set(err, BW_ERR_MISSING, "what others have stored is read anew");
	if (result == 0)
		peers->position = walk.position;
	else if (result != BW_ERR_MISSING)
		store->db.has_news = true; /* it is not read yet */
	return result;
}
