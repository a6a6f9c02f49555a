/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_stage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 65536
#define DEAD_MAX ((size_t)4 << 20) /* bytes of rows that are deleted and still take room */

static const struct {
	const char *columns; /* of the temporary table */
	const char *copy, *merge;
} stages[PG_STAGES] = {
	[PG_STAGE_RECORD] =
		{"stage_record (boot bigint, seq bigint, time bigint, type smallint, line text)",
		 "COPY stage_record FROM STDIN",
		 "INSERT INTO record (boot, seq, time, type, line) SELECT boot, seq, "
		 "to_timestamp(time / 1000000000) + (time % 1000000000 / 1000) * "
		 "interval '1 microsecond', type, line FROM stage_record "
		 "ON CONFLICT DO NOTHING"},
	[PG_STAGE_CLAIM] =
		{"stage_claim (vantage text, target text, block cidr, bucket bigint, "
		 "verdict smallint, since bigint, said bigint, earliest bigint)",
		 "COPY stage_claim FROM STDIN",
		 "INSERT INTO claim (vantage, target, block, bucket, verdict, since, said, "
		 "earliest) SELECT vantage, target, block, bucket, verdict, min(since), "
		 "max(said), min(earliest) FROM stage_claim GROUP BY 1, 2, 3, 4, 5 "
		 "ON CONFLICT (vantage, target, block, bucket, verdict) DO UPDATE SET "
		 "since = least(claim.since, excluded.since), "
		 "said = greatest(claim.said, excluded.said), "
		 "earliest = least(claim.earliest, excluded.earliest)"},
	[PG_STAGE_BLOCK] =
		{"stage_block (target text, block cidr, network cidr, said bigint)",
		 "COPY stage_block FROM STDIN",
		 "INSERT INTO block (target, block, network, said) "
		 "SELECT DISTINCT ON (target, block) target, block, network, said "
		 "FROM stage_block ORDER BY target, block, said, network::text COLLATE \"C\" "
		 "ON CONFLICT (target, block) DO UPDATE SET network = excluded.network, "
		 "said = excluded.said WHERE (excluded.said, excluded.network::text COLLATE \"C\") "
		 "< (block.said, block.network::text COLLATE \"C\")"},
	[PG_STAGE_CONDITION] =
		{"stage_condition (arrival bigint, vantage text, target text, block cidr, "
		 "said bigint, conditions integer)",
		 "COPY stage_condition FROM STDIN",
		 "INSERT INTO condition (vantage, target, block, said, conditions) "
		 "SELECT DISTINCT ON (vantage, target, block) vantage, target, block, said, "
		 "conditions FROM stage_condition ORDER BY vantage, target, block, said DESC, "
		 "arrival DESC "
		 "ON CONFLICT (vantage, target, block) DO UPDATE SET said = excluded.said, "
		 "conditions = excluded.conditions WHERE excluded.said >= condition.said"},
	[PG_STAGE_HEARD] =
		{"stage_heard (vantage text, start bigint, until bigint)",
		 "COPY stage_heard FROM STDIN",
		 "INSERT INTO heard (vantage, start, until) SELECT vantage, start, max(until) "
		 "FROM stage_heard GROUP BY 1, 2 ON CONFLICT (vantage, start) DO UPDATE SET "
		 "until = greatest(heard.until, excluded.until)"},
	[PG_STAGE_HEALTH] = {"stage_health (vantage text, time bigint, healthy boolean)",
			     "COPY stage_health FROM STDIN",
			     "INSERT INTO health (vantage, time, healthy) SELECT vantage, time, "
			     "bool_and(healthy) FROM stage_health GROUP BY 1, 2 "
			     "ON CONFLICT (vantage, time) DO UPDATE SET "
			     "healthy = health.healthy AND excluded.healthy"},
	[PG_STAGE_HOURLY] =
		{"stage_hourly (target text, scope smallint, subject text, vantage text, "
		 "day bigint, hours bytea)",
		 "COPY stage_hourly FROM STDIN",
		 "INSERT INTO hourly_series (target, scope, subject, vantage) SELECT DISTINCT "
		 "target, scope, subject, vantage FROM stage_hourly AS s WHERE NOT EXISTS "
		 "(SELECT 1 FROM hourly_series AS h WHERE (h.target, h.scope, h.subject, "
		 "h.vantage) = (s.target, s.scope, s.subject, s.vantage)) ON CONFLICT DO NOTHING;"
		 "INSERT INTO hourly_day (day, series, hours) SELECT day, id, hours "
		 "FROM stage_hourly JOIN hourly_series USING (target, scope, subject, vantage) "
		 "ON CONFLICT (day, series) DO UPDATE SET hours = excluded.hours"},
};

int pg_stage_prepare(struct pg_db *db, struct bw_err *err)
{
	int result = 0;

	for (size_t n = 0; n < PG_STAGES && result == 0; n++) {
		char sql[256];

		snprintf(sql, sizeof(sql), "CREATE TEMPORARY TABLE %s", stages[n].columns);
		result = pg_db_run(db, sql, err);
	}
	return result;
}

static char *reserve(struct pg_stage *stage, size_t length)
{
	size_t room = stage->room ? stage->room : ROOM_MIN;
	char *rows;

	while (room - stage->length < length)
		room *= 2;
	if (room != stage->room) {
		rows = realloc(stage->rows, room);
		if (!rows) {
			stage->failed = true;
			return NULL;
		}
		stage->rows = rows;
		stage->room = room;
	}
	return stage->rows + stage->length;
}

/* The letter that stands behind a backslash; 0: the byte stands for itself. */
static char escape_of(char byte)
{
	switch (byte) {
	case '\\':
		return '\\';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return 0;
	}
}

void pg_stage_text(struct pg_stage *stage, const char *text, size_t length, bool last)
{
	char *to = reserve(stage, 2 * length + 1);

	if (!to)
		return;
	for (size_t n = 0; n < length; n++) {
		const char escape = escape_of(text[n]);

		if (escape)
			*to++ = '\\';
		*to++ = escape ? escape : text[n];
	}
	*to++ = last ? '\n' : '\t';
	stage->length = (size_t)(to - stage->rows);
}

void pg_stage_number(struct pg_stage *stage, int64_t value, bool last)
{
	char *to = reserve(stage, 32);

	if (to)
		stage->length +=
			(size_t)snprintf(to, 32, "%" PRId64 "%c", value, last ? '\n' : '\t');
}

/*
 * Truncating makes new files, and ON COMMIT DELETE ROWS does so for all tables at each commit:
 * rows are deleted, and the files become new when they have grown.
 */
static int empty(struct pg_db *db, enum pg_stage_kind kind, struct pg_stage *stage, size_t length,
		 struct bw_err *err)
{
	const char *columns = stages[kind].columns;
	const int name = (int)strcspn(columns, " ");
	char sql[128];

	stage->dead += length;
	if (stage->dead < DEAD_MAX) {
		snprintf(sql, sizeof(sql), "DELETE FROM %.*s", name, columns);
	} else {
		snprintf(sql, sizeof(sql), "TRUNCATE %.*s", name, columns);
		stage->dead = 0;
	}
	return pg_db_run(db, sql, err);
}

int pg_stage_flush(struct pg_db *db, enum pg_stage_kind kind, struct pg_stage *stage,
		   struct bw_err *err)
{
	const size_t length = stage->length;
	int result;

	if (stage->failed)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (stage->length == 0)
		return 0;
	result = pg_db_copy(db, stages[kind].copy, stage->rows, stage->length, err);
	pg_stage_clear(stage);
	if (result == 0)
		result = pg_db_run(db, stages[kind].merge, err);
	return result < 0 ? result : empty(db, kind, stage, length, err);
}

void pg_stage_clear(struct pg_stage *stage)
{
	stage->length = 0;
	stage->failed = false;
}

void pg_stage_fini(struct pg_stage *stage)
{
	free(stage->rows);
	*stage = (struct pg_stage){.rows = NULL};
}
