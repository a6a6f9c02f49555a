/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_history.h"

#include <string.h>

#include "sys/db/postgresql/pg_store.h"

static void put_text(struct pg_stage *stage, const char *text)
{
	pg_stage_text(stage, text, strlen(text), false);
}

static void put_prefix(struct pg_stage *stage, const struct bw_prefix *prefix)
{
	char text[BW_PREFIX_TEXT];

	put_text(stage, bw_prefix_format(prefix, text));
}

int pg_history_put_claim(void *self, const struct store_claim *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_CLAIM];

	(void)err;
	put_text(stage, row->vantage);
	put_text(stage, row->target);
	put_prefix(stage, &row->block);
	pg_stage_number(stage, claim_bucket(&row->claim), false);
	pg_stage_number(stage, row->claim.verdict, false);
	pg_stage_number(stage, row->claim.since_ns, false);
	pg_stage_number(stage, row->claim.said_ns, false);
	pg_stage_number(stage, row->claim.earliest_ns, true);
	return 0;
}

int pg_history_put_place(void *self, const struct store_place *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_BLOCK];

	(void)err;
	put_text(stage, row->target);
	put_prefix(stage, &row->block);
	put_prefix(stage, &row->network);
	pg_stage_number(stage, row->said_ns, true);
	return 0;
}

int pg_history_put_conditions(void *self, const struct store_conditions *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_CONDITION];

	(void)err;
	/* Of two that were said at the same time the later one counts: where its row begins. */
	pg_stage_number(stage, (int64_t)stage->length, false);
	put_text(stage, row->vantage);
	put_text(stage, row->target);
	put_prefix(stage, &row->block);
	pg_stage_number(stage, row->said_ns, false);
	pg_stage_number(stage, (int64_t)row->conditions, true);
	return 0;
}

struct conditions_walk {
	int (*take)(void *arg, const struct store_conditions *row);
	void *arg;
};

static int take_conditions(void *arg, const PGresult *row)
{
	const struct conditions_walk *walk = arg;
	struct store_conditions conditions = {
		.vantage = pg_text(row, 0),
		.target = pg_text(row, 1),
		.said_ns = pg_number(row, 3),
		.conditions = (unsigned)pg_number(row, 4),
	};

	if (bw_prefix_parse(pg_text(row, 2), &conditions.block, NULL) < 0)
		return 0;
	return walk->take(walk->arg, &conditions);
}

int pg_history_each_conditions(void *self,
			       int (*take)(void *arg, const struct store_conditions *row),
			       void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct conditions_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT vantage, target, block, said, conditions FROM condition", NULL,
			  take_conditions, &walk, err);
}

int pg_history_put_kept(void *self, const struct store_kept *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, row->target);
	pg_params_number(&params, row->scope);
	pg_params_text(&params, row->subject);
	pg_params_number(&params, row->until_ns);
	pg_params_text(&params, row->intervals);
	return pg_db_put(&store->db,
			 "INSERT INTO kept (target, scope, subject, until, intervals) "
			 "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (target, scope, subject) "
			 "DO UPDATE SET until = excluded.until, intervals = excluded.intervals",
			 &params, err);
}

struct kept_walk {
	int (*take)(void *arg, const struct store_kept *row);
	void *arg;
};

static int take_kept(void *arg, const PGresult *row)
{
	const struct kept_walk *walk = arg;
	const struct store_kept kept = {
		.target = pg_text(row, 0),
		.scope = (enum bw_scope)pg_number(row, 1),
		.subject = pg_text(row, 2),
		.until_ns = pg_number(row, 3),
		.intervals = pg_text(row, 4),
	};

	return walk->take(walk->arg, &kept);
}

int pg_history_each_kept(void *self, int (*take)(void *arg, const struct store_kept *row),
			 void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct kept_walk walk = {take, arg};

	return pg_db_each(&store->db, "SELECT target, scope, subject, until, intervals FROM kept",
			  NULL, take_kept, &walk, err);
}

int pg_history_put_title(void *self, const char *target, const char *title, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, target);
	pg_params_text(&params, title);
	return pg_db_put(&store->db,
			 "INSERT INTO target (name, title) VALUES ($1, $2) "
			 "ON CONFLICT (name) DO UPDATE SET title = excluded.title",
			 &params, err);
}

struct claim_walk {
	int (*take)(void *arg, const struct store_claim *claim);
	void *arg;
};

static int take_claim(void *arg, const PGresult *row)
{
	const struct claim_walk *walk = arg;
	struct store_claim claim = {
		.vantage = pg_text(row, 0),
		.target = pg_text(row, 1),
		.claim = {.since_ns = pg_number(row, 3),
			  .verdict = (uint8_t)pg_number(row, 4),
			  .said_ns = pg_number(row, 5),
			  .earliest_ns = pg_number(row, 6)},
	};

	if (bw_prefix_parse(pg_text(row, 2), &claim.block, NULL) < 0 ||
	    claim.claim.verdict >= BW_BLOCK_VERDICTS)
		return 0;
	return walk->take(walk->arg, &claim);
}

int pg_history_each_claim(void *self, int (*take)(void *arg, const struct store_claim *claim),
			  void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct claim_walk walk = {take, arg};

	return pg_db_each(
		&store->db,
		"SELECT vantage, target, block, since, verdict, said, earliest FROM claim", NULL,
		take_claim, &walk, err);
}

struct place_walk {
	int (*take)(void *arg, const struct store_place *place);
	void *arg;
};

static int take_place(void *arg, const PGresult *row)
{
	const struct place_walk *walk = arg;
	struct store_place place = {.target = pg_text(row, 0), .said_ns = pg_number(row, 3)};

	if (bw_prefix_parse(pg_text(row, 1), &place.block, NULL) < 0 ||
	    bw_prefix_parse(pg_text(row, 2), &place.network, NULL) < 0)
		return 0;
	return walk->take(walk->arg, &place);
}

int pg_history_each_place(void *self, int (*take)(void *arg, const struct store_place *place),
			  void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct place_walk walk = {take, arg};

	return pg_db_each(&store->db, "SELECT target, block, network, said FROM block", NULL,
			  take_place, &walk, err);
}

struct title_walk {
	int (*take)(void *arg, const char *target, const char *title);
	void *arg;
};

static int take_title(void *arg, const PGresult *row)
{
	const struct title_walk *walk = arg;

	return walk->take(walk->arg, pg_text(row, 0), pg_text(row, 1));
}

int pg_history_each_title(void *self, int (*take)(void *arg, const char *target, const char *title),
			  void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct title_walk walk = {take, arg};

	return pg_db_each(&store->db, "SELECT name, title FROM target ORDER BY name COLLATE \"C\"",
			  NULL, take_title, &walk, err);
}

int pg_history_drop_claim(void *self, const struct store_claim *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};
	char block[BW_PREFIX_TEXT];

	pg_params_text(&params, row->vantage);
	pg_params_text(&params, row->target);
	pg_params_text(&params, bw_prefix_format(&row->block, block));
	pg_params_number(&params, claim_bucket(&row->claim));
	pg_params_number(&params, row->claim.verdict);
	return pg_db_put(&store->db,
			 "DELETE FROM claim WHERE vantage = $1 AND target = $2 AND block = $3 "
			 "AND bucket = $4 AND verdict = $5",
			 &params, err);
}
