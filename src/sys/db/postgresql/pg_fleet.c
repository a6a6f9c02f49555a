/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/db/postgresql/pg_peers.h"

int pg_fleet_put_vantage(void *self, const struct store_vantage *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};
	char round[32];

	snprintf(round, sizeof(round), "%.17g", row->round_s);
	pg_params_text(&params, row->name);
	pg_params_text(&params, row->boot);
	pg_params_number(&params, (int64_t)row->seq);
	pg_params_number(&params, row->last.ns);
	pg_params_number(&params, row->clock_offset_ns);
	pg_params_text(&params, round);
	pg_params_text(&params, row->healthy ? "t" : "f");
	return pg_db_put(
		&store->db,
		"INSERT INTO vantage (name, boot, seq, last, clock_offset, round, healthy) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET "
		"boot = excluded.boot, seq = excluded.seq, last = excluded.last, "
		"clock_offset = excluded.clock_offset, round = excluded.round, "
		"healthy = excluded.healthy",
		&params, err);
}

int pg_fleet_put_boot(void *self, const struct store_boot *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, row->vantage);
	pg_params_text(&params, row->boot);
	pg_params_number(&params, row->first_ns);
	pg_params_number(&params, row->last_ns);
	pg_params_number(&params, row->ignored_ns);
	pg_params_number(&params, row->doubled_ns);
	return pg_db_put(
		&store->db,
		"INSERT INTO boot (vantage, name, first_time, last_time, ignored, doubled) "
		"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (vantage, name) DO UPDATE SET "
		"first_time = excluded.first_time, last_time = excluded.last_time, "
		"ignored = greatest(boot.ignored, excluded.ignored), "
		"doubled = greatest(boot.doubled, excluded.doubled)",
		&params, err);
}

struct boot_walk {
	int (*take)(void *arg, const struct store_boot *row);
	void *arg;
};

static int take_boot(void *arg, const PGresult *row)
{
	const struct boot_walk *walk = arg;
	const struct store_boot boot = {pg_text(row, 0),   pg_text(row, 1),   pg_number(row, 2),
					pg_number(row, 3), pg_number(row, 4), pg_number(row, 5)};

	return walk->take(walk->arg, &boot);
}

int pg_fleet_each_boot(void *self, int (*take)(void *arg, const struct store_boot *row), void *arg,
		       struct bw_err *err)
{
	struct pg_store *store = self;
	struct boot_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT vantage, name, first_time, last_time, ignored, doubled FROM boot "
			  "WHERE last_time IS NOT NULL ORDER BY last_time DESC, "
			  "vantage COLLATE \"C\", name COLLATE \"C\"",
			  NULL, take_boot, &walk, err);
}

int pg_fleet_put_heard(void *self, const struct store_heard *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_HEARD];

	(void)err;
	pg_stage_text(stage, row->vantage, strlen(row->vantage), false);
	pg_stage_number(stage, row->from_ns, false);
	pg_stage_number(stage, row->until_ns, true);
	return 0;
}

int pg_fleet_put_health(void *self, const struct store_health *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_HEALTH];

	(void)err;
	pg_stage_text(stage, row->vantage, strlen(row->vantage), false);
	pg_stage_number(stage, row->at_ns, false);
	pg_stage_text(stage, row->healthy ? "t" : "f", 1, true);
	return 0;
}

int pg_fleet_drop_health(void *self, const char *vantage, int64_t at_ns, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, vantage);
	pg_params_number(&params, at_ns);
	return pg_db_put(&store->db, "DELETE FROM health WHERE vantage = $1 AND time = $2", &params,
			 err);
}

int pg_fleet_put_upstream(void *self, const struct store_upstream *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_peers_break(store);
	pg_params_text(&params, row->vantage);
	pg_params_number(&params, row->from_ns);
	pg_params_number(&params, row->asn);
	return pg_db_put(&store->db,
			 "INSERT INTO upstream (vantage, start, asn) VALUES ($1, $2, $3) "
			 "ON CONFLICT (vantage, start) DO UPDATE SET asn = excluded.asn",
			 &params, err);
}

int pg_fleet_put_term(void *self, const struct store_term *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_peers_break(store);
	pg_params_number(&params, row->from_ns);
	pg_params_number(&params, row->quorum);
	return pg_db_put(&store->db,
			 "INSERT INTO term (start, quorum) VALUES ($1, $2) "
			 "ON CONFLICT (start) DO UPDATE SET quorum = excluded.quorum",
			 &params, err);
}

struct vantage_walk {
	int (*take)(void *arg, const struct store_vantage *row);
	void *arg;
};

static int take_vantage(void *arg, const PGresult *row)
{
	const struct vantage_walk *walk = arg;
	const struct store_vantage vantage = {
		.name = pg_text(row, 0),
		.boot = pg_text(row, 1),
		.seq = (uint64_t)pg_number(row, 2),
		.last = {pg_number(row, 3)},
		.clock_offset_ns = pg_number(row, 4),
		.round_s = strtod(pg_text(row, 5), NULL),
		.healthy = pg_text(row, 6)[0] == 't',
	};

	return walk->take(walk->arg, &vantage);
}

int pg_fleet_each_vantage(void *self, int (*take)(void *arg, const struct store_vantage *row),
			  void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct vantage_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT name, boot, seq, last, clock_offset, round, healthy FROM vantage "
			  "ORDER BY name COLLATE \"C\"",
			  NULL, take_vantage, &walk, err);
}

struct heard_walk {
	int (*take)(void *arg, const struct store_heard *row);
	void *arg;
};

static int take_heard(void *arg, const PGresult *row)
{
	const struct heard_walk *walk = arg;
	const struct store_heard heard = {pg_text(row, 0), pg_number(row, 1), pg_number(row, 2)};

	return walk->take(walk->arg, &heard);
}

int pg_fleet_each_heard(void *self, int (*take)(void *arg, const struct store_heard *row),
			void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct heard_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT vantage, start, until FROM heard ORDER BY vantage, start", NULL,
			  take_heard, &walk, err);
}

struct health_walk {
	int (*take)(void *arg, const struct store_health *row);
	void *arg;
};

static int take_health(void *arg, const PGresult *row)
{
	const struct health_walk *walk = arg;
	const struct store_health health = {pg_text(row, 0), pg_number(row, 1),
					    pg_text(row, 2)[0] == 't'};

	return walk->take(walk->arg, &health);
}

int pg_fleet_each_health(void *self, int (*take)(void *arg, const struct store_health *row),
			 void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct health_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT vantage, time, healthy FROM health ORDER BY vantage, time", NULL,
			  take_health, &walk, err);
}

struct upstream_walk {
	int (*take)(void *arg, const struct store_upstream *row);
	void *arg;
};

static int take_upstream(void *arg, const PGresult *row)
{
	const struct upstream_walk *walk = arg;
	const struct store_upstream upstream = {pg_text(row, 0), pg_number(row, 1),
						(uint32_t)pg_number(row, 2)};

	return walk->take(walk->arg, &upstream);
}

int pg_fleet_each_upstream(void *self, int (*take)(void *arg, const struct store_upstream *row),
			   void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct upstream_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT vantage, start, asn FROM upstream ORDER BY vantage, start", NULL,
			  take_upstream, &walk, err);
}

struct term_walk {
	int (*take)(void *arg, const struct store_term *row);
	void *arg;
};

static int take_term(void *arg, const PGresult *row)
{
	const struct term_walk *walk = arg;
	const struct store_term term = {pg_number(row, 0), (unsigned)pg_number(row, 1)};

	return walk->take(walk->arg, &term);
}

int pg_fleet_each_term(void *self, int (*take)(void *arg, const struct store_term *row), void *arg,
		       struct bw_err *err)
{
	struct pg_store *store = self;
	struct term_walk walk = {take, arg};

	return pg_db_each(&store->db, "SELECT start, quorum FROM term ORDER BY start", NULL,
			  take_term, &walk, err);
}
