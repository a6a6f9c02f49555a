/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include <blockwatch/time.h>

#include "sys/db/postgresql/pg_peers.h"

/*
 * The same schema as that of SQLite (sys/db/sqlite/sqlite_schema.c), in the types of PostgreSQL:
 * blocks and networks are cidr; the times of records are timestamps, by which they are partitioned
 * in days, and all others are nanoseconds since 1970, which a timestamp cannot hold exactly.
 */
static const char *const versions[] = {
	/* 1 */
	"CREATE TABLE vantage (name text PRIMARY KEY, boot text, seq bigint, last bigint, "
	"  clock_offset bigint, round double precision, healthy boolean);"
	"CREATE TABLE boot (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
	"  vantage text NOT NULL, name text NOT NULL, UNIQUE (vantage, name));"
	"CREATE TABLE record (boot bigint NOT NULL, seq bigint NOT NULL, "
	"  time timestamptz NOT NULL, type smallint NOT NULL, line text NOT NULL, "
	"  PRIMARY KEY (boot, seq, time)) PARTITION BY RANGE (time);"
	"CREATE TABLE record_old PARTITION OF record DEFAULT;"
	"CREATE INDEX record_old_time ON record_old (time);"
	"CREATE TABLE seen (boot bigint NOT NULL, first bigint NOT NULL, last bigint NOT NULL, "
	"  PRIMARY KEY (boot, first));"
	"CREATE TABLE target (name text PRIMARY KEY, title text NOT NULL);"
	"CREATE TABLE block (target text NOT NULL, block cidr NOT NULL, network cidr NOT NULL, "
	"  said bigint NOT NULL, PRIMARY KEY (target, block));"
	"CREATE TABLE claim (vantage text NOT NULL, target text NOT NULL, block cidr NOT NULL, "
	"  bucket bigint NOT NULL, verdict smallint NOT NULL, since bigint NOT NULL, "
	"  said bigint NOT NULL, earliest bigint NOT NULL, "
	"  PRIMARY KEY (vantage, target, block, bucket, verdict));"
	"CREATE TABLE heard (vantage text NOT NULL, start bigint NOT NULL, "
	"  until bigint NOT NULL, PRIMARY KEY (vantage, start));"
	"CREATE TABLE health (vantage text NOT NULL, time bigint NOT NULL, "
	"  healthy boolean NOT NULL, PRIMARY KEY (vantage, time));"
	"CREATE TABLE upstream (vantage text NOT NULL, start bigint NOT NULL, "
	"  asn bigint NOT NULL, PRIMARY KEY (vantage, start));"
	"CREATE TABLE term (start bigint PRIMARY KEY, quorum integer NOT NULL);"
	"CREATE TABLE outage (id bigint PRIMARY KEY, target text NOT NULL, "
	"  scope smallint NOT NULL, subject text NOT NULL, start bigint NOT NULL, "
	"  earliest bigint NOT NULL, \"end\" bigint NOT NULL, end_earliest bigint NOT NULL, "
	"  returns text NOT NULL, revision bigint NOT NULL, withdrawn boolean NOT NULL, "
	"  onset smallint NOT NULL, path text);"
	"CREATE TABLE dark_event (vantage text NOT NULL, target text NOT NULL, "
	"  scope smallint NOT NULL, subject text NOT NULL, boot text NOT NULL, "
	"  seq bigint NOT NULL, earliest bigint NOT NULL, latest bigint NOT NULL, "
	"  onset smallint NOT NULL, path text, path_rank integer NOT NULL, "
	"  PRIMARY KEY (vantage, target, scope, subject));"
	"CREATE TABLE event (id bigint PRIMARY KEY, time bigint NOT NULL, text text NOT NULL);"
	"CREATE TABLE told (target text NOT NULL, scope smallint NOT NULL, subject text NOT NULL, "
	"  verdict smallint NOT NULL, event bigint NOT NULL DEFAULT 0, "
	"  outage bigint NOT NULL DEFAULT 0, PRIMARY KEY (target, scope, subject));"
	"CREATE TABLE message (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
	"  webhook text NOT NULL, topic text NOT NULL, key text NOT NULL, time bigint NOT NULL, "
	"  text text NOT NULL);"
	"CREATE INDEX message_webhook ON message (webhook, number);"
	"CREATE TABLE webhook_told (webhook text NOT NULL, topic text NOT NULL, "
	"  value integer NOT NULL, PRIMARY KEY (webhook, topic));",
	/* 2: hourly sums */
	"CREATE TABLE hourly_part (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
	"  bytes bytea NOT NULL);"
	"CREATE TABLE hourly_series (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
	"  target text NOT NULL, scope smallint NOT NULL, subject text NOT NULL, "
	"  vantage text NOT NULL, UNIQUE (target, scope, subject, vantage));"
	"CREATE TABLE hourly_day (day bigint NOT NULL, series bigint NOT NULL, "
	"  hours bytea NOT NULL, PRIMARY KEY (day, series));",
	/* 3: conditions of blocks as last said, a set of bits; when boots were heard of */
	"CREATE TABLE condition (vantage text NOT NULL, target text NOT NULL, "
	"  block cidr NOT NULL, said bigint NOT NULL, conditions integer NOT NULL, "
	"  PRIMARY KEY (vantage, target, block));"
	"ALTER TABLE boot ADD COLUMN first_time bigint;"
	"ALTER TABLE boot ADD COLUMN last_time bigint;",
	/* 4: several collectors (pg_peers.h) */
	"ALTER TABLE collector DROP COLUMN IF EXISTS epoch, "
	"  ADD COLUMN position bigint NOT NULL DEFAULT 0;"
	"CREATE TABLE admission (position bigint NOT NULL, part integer NOT NULL, "
	"  time bigint NOT NULL, put timestamptz NOT NULL DEFAULT now(), lines text NOT NULL, "
	"  PRIMARY KEY (position, part));"
	"ALTER TABLE admission ALTER COLUMN lines SET STORAGE EXTERNAL;"
	"ALTER TABLE outage ADD COLUMN written bigint NOT NULL DEFAULT 0;"
	"CREATE SEQUENCE outage_written;"
	"CREATE INDEX outage_written_index ON outage (written);",
	/* 5: what several collectors have alike (pg_agreement.h) */
	"ALTER TABLE collector ADD COLUMN agreement text",
	/* 6: sums whose intervals began before what is kept (collect/follow/follow_kept.h) */
	"CREATE TABLE kept (target text NOT NULL, scope smallint NOT NULL, subject text NOT NULL, "
	"  until bigint NOT NULL, intervals text NOT NULL, "
	"  PRIMARY KEY (target, scope, subject));",
	/* 7: two machines under one name */
	"ALTER TABLE boot ADD COLUMN ignored bigint NOT NULL DEFAULT 0;",
	/*
	 * 8: when was said last what was said before (collect/follow/follow_repeats.h), and when
	 * two machines were last side by side
	 */
	"CREATE TABLE repeats (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
	"  time bigint NOT NULL, bytes bytea NOT NULL);"
	"ALTER TABLE boot ADD COLUMN doubled bigint NOT NULL DEFAULT 0;",
};
#define VERSIONS ((int64_t)(sizeof(versions) / sizeof(versions[0])))

/* One row: the version of the schema. */
#define COLLECTOR                                                        \
	"CREATE TABLE IF NOT EXISTS collector (one boolean PRIMARY KEY " \
	"DEFAULT true CHECK (one), version integer NOT NULL);"           \
	"INSERT INTO collector (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM collector)"

static int take_version(void *arg, const PGresult *row)
{
	*(int64_t *)arg = pg_number(row, 0);
	return 0;
}

static int refuse_later(const struct pg_db *db, int64_t version, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE,
		   "is of schema version %" PRId64 ", and this program knows %" PRId64
		   ": use a later one",
		   version, VERSIONS);
	bw_err_place(err, db->url.where, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

/* Collectors that are there know the schema as it is. */
static int refuse_used(const struct pg_db *db, int64_t version, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE,
		   "is of schema version %" PRId64
		   ", and other collectors use it: end them, so that it can become %" PRId64,
		   version, VERSIONS);
	bw_err_place(err, db->url.where, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

static int upgrade(struct pg_db *db, int64_t from, struct bw_err *err)
{
	char set[64];
	int result = 0;

	snprintf(set, sizeof(set), "UPDATE collector SET version = %" PRId64, VERSIONS);
	for (int64_t n = from; n < VERSIONS && result == 0; n++)
		result = pg_db_run(db, versions[n], err);
	return result < 0 ? result : pg_db_run(db, set, err);
}

int pg_schema_apply(struct pg_db *db, struct bw_err *err)
{
	int64_t version = 0;
	bool alone = false;
	int result = pg_db_run(db, "BEGIN", err);

	if (result == 0)
		result = pg_peers_lock_schema(db, &alone, err);
	if (result == 0)
		result = pg_db_run(db, COLLECTOR, err);
	if (result == 0)
		result = pg_db_each(db, "SELECT version FROM collector", NULL, take_version,
				    &version, err);
	if (result == 0 && version > VERSIONS)
		result = refuse_later(db, version, err);
	if (result == 0 && version > 0 && version < VERSIONS && !alone)
		result = refuse_used(db, version, err);
	if (result == 0 && version < VERSIONS)
		result = upgrade(db, version, err);
	if (result == 0)
		return pg_db_run(db, "COMMIT", err);
	pg_db_run(db, "ROLLBACK", NULL);
	return result;
}

int pg_schema_add_day(struct pg_db *db, int64_t day, struct bw_err *err)
{
	const time_t seconds = (time_t)day * 86400, next = seconds + 86400;
	struct tm from, until;
	char sql[512], from_text[16], until_text[16], name[16];

	gmtime_r(&seconds, &from);
	gmtime_r(&next, &until);
	strftime(from_text, sizeof(from_text), "%Y-%m-%d", &from);
	strftime(until_text, sizeof(until_text), "%Y-%m-%d", &until);
	strftime(name, sizeof(name), "%Y%m%d", &from);
	snprintf(sql, sizeof(sql),
		 "CREATE TABLE IF NOT EXISTS record_%s PARTITION OF record "
		 "FOR VALUES FROM ('%s 00:00:00+00') TO ('%s 00:00:00+00')",
		 name, from_text, until_text);
	return pg_db_run(db, sql, err);
}
