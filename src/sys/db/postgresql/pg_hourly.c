/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_hourly.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/db/postgresql/pg_bytes.h"
#include "sys/db/postgresql/pg_store.h"

int pg_hourly_put_part(void *self, const void *bytes, size_t length, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	return pg_bytes_put(&store->db, "INSERT INTO hourly_part (bytes) VALUES ($1)", &params,
			    bytes, length, err);
}

int pg_hourly_each_part(void *self, int (*take)(void *arg, const void *bytes, size_t length),
			void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_bytes_walk walk = {take, arg};

	return pg_db_each(&store->db, "SELECT bytes FROM hourly_part ORDER BY id", NULL,
			  pg_bytes_take, &walk, err);
}

static int take_more(void *arg, const PGresult *row)
{
	(void)row;
	*(bool *)arg = true;
	return 0;
}

int pg_hourly_take_parts(void *self, size_t most,
			 int (*take)(void *arg, const void *bytes, size_t length), void *arg,
			 bool *ret_more, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_bytes_walk walk = {take, arg};
	struct pg_params params = {0};
	int result;

	pg_params_number(&params, (int64_t)most);
	*ret_more = false;
	result = pg_db_each(
		&store->db,
		"DELETE FROM hourly_part WHERE id IN (SELECT id FROM (SELECT id, "
		"sum(length(bytes)) OVER (ORDER BY id) AS total FROM hourly_part) AS sized "
		"WHERE total <= $1 OR id = (SELECT min(id) FROM hourly_part)) "
		"RETURNING bytes",
		&params, pg_bytes_take, &walk, err);
	return result < 0 ? result
			  : pg_db_each(&store->db, "SELECT 1 FROM hourly_part LIMIT 1", NULL,
				       take_more, ret_more, err);
}

static void stage_text(struct pg_stage *stage, const char *text)
{
	pg_stage_text(stage, text, strlen(text), false);
}

int pg_hourly_put_day(void *self, const struct store_hourly *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_HOURLY];
	char *text = pg_bytes_format(row->bytes, row->length);

	if (!text)
		return bw_err_set(err, -ENOMEM, "out of memory");
	stage_text(stage, row->target);
	pg_stage_number(stage, (int64_t)row->scope, false);
	stage_text(stage, row->subject);
	stage_text(stage, row->vantage);
	pg_stage_number(stage, row->day, false);
	pg_stage_text(stage, text, strlen(text), true);
	free(text);
	return 0;
}

static void add_key(struct pg_params *params, const struct store_hourly *key)
{
	pg_params_text(params, key->target);
	pg_params_number(params, (int64_t)key->scope);
	pg_params_text(params, key->subject);
	pg_params_number(params, key->day);
}

/* The parts of a key, each of which is a parameter: an array of those of all keys. */
enum key_part { KEY_TARGET, KEY_SCOPE, KEY_SUBJECT, KEY_VANTAGE, KEY_DAY, KEY_PARTS };

static void print_text(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void print_part(FILE *out, const struct store_hourly *key, enum key_part part)
{
	switch (part) {
	case KEY_TARGET:
		print_text(out, key->target);
		break;
	case KEY_SCOPE:
		fprintf(out, "%d", (int)key->scope);
		break;
	case KEY_SUBJECT:
		print_text(out, key->subject);
		break;
	case KEY_VANTAGE:
		print_text(out, key->vantage);
		break;
	case KEY_DAY:
		fprintf(out, "%" PRId64, key->day);
		break;
	case KEY_PARTS:
		break;
	}
}

/* In the text format of an array. NULL: out of memory. */
static char *format_parts(const struct store_hourly *keys, size_t count, enum key_part part)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	bool failed;

	if (!out)
		return NULL;
	for (size_t n = 0; n < count; n++) {
		putc(n == 0 ? '{' : ',', out);
		print_part(out, &keys[n], part);
	}
	putc('}', out);
	failed = ferror(out) != 0;
	if (fclose(out) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}

struct days_walk {
	int (*take)(void *arg, size_t n, const void *bytes, size_t length);
	void *arg;
	size_t n;
};

static int take_numbered(void *arg, const PGresult *row)
{
	struct days_walk *walk = arg;
	unsigned char *bytes;
	size_t length;
	int result;

	if (PQgetisnull(row, 0, 0))
		return walk->take(walk->arg, walk->n++, NULL, 0);
	bytes = pg_bytes_get(row, 0, &length);
	result = bytes ? walk->take(walk->arg, walk->n++, bytes, length) : -ENOMEM;
	PQfreemem(bytes);
	return result;
}

/* A query in a query is answered by the index for each key, whatever the planner knows. */
#define GET_DAYS                                                                       \
	"SELECT (SELECT hours FROM hourly_day WHERE hourly_day.day = key.day "         \
	"AND series = (SELECT id FROM hourly_series AS s WHERE s.target = key.target " \
	"AND s.scope = key.scope AND s.subject = key.subject "                         \
	"AND s.vantage = key.vantage)) FROM unnest($1::text[], $2::smallint[], "       \
	"$3::text[], $4::text[], $5::bigint[]) WITH ORDINALITY "                       \
	"AS key (target, scope, subject, vantage, day, n) ORDER BY n"

/* TAKE may put days, because they are kept here until the transaction ends. */
int pg_hourly_get_days(void *self, const struct store_hourly *keys, size_t count,
		       int (*take)(void *arg, size_t n, const void *bytes, size_t length),
		       void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct days_walk walk = {take, arg, 0};
	struct pg_params params = {0};
	char *parts[KEY_PARTS];
	int result = 0;

	if (count == 0)
		return 0;
	for (enum key_part part = 0; part < KEY_PARTS; part++) {
		parts[part] = format_parts(keys, count, part);
		if (!parts[part])
			result = bw_err_set(err, -ENOMEM, "out of memory");
		pg_params_text(&params, parts[part]);
	}
	if (result == 0)
		result = pg_db_each(&store->db, GET_DAYS, &params, take_numbered, &walk, err);
	for (enum key_part part = 0; part < KEY_PARTS; part++)
		free(parts[part]);
	return result;
}

struct day_walk {
	const struct store_hourly *key;
	int (*take)(void *arg, const struct store_hourly *row);
	void *arg;
};

static int take_day(void *arg, const PGresult *row)
{
	const struct day_walk *walk = arg;
	struct store_hourly day = *walk->key;
	unsigned char *bytes = pg_bytes_get(row, 1, &day.length);
	int result;

	day.vantage = pg_text(row, 0);
	day.bytes = bytes;
	result = bytes ? walk->take(walk->arg, &day) : -ENOMEM;
	PQfreemem(bytes);
	return result;
}

int pg_hourly_each_day(void *self, const struct store_hourly *key,
		       int (*take)(void *arg, const struct store_hourly *row), void *arg,
		       struct bw_err *err)
{
	struct pg_store *store = self;
	struct day_walk walk = {key, take, arg};
	struct pg_params params = {0};

	add_key(&params, key);
	return pg_db_each(&store->db,
			  "SELECT vantage, hours FROM hourly_series JOIN hourly_day ON series = id "
			  "WHERE target = $1 AND scope = $2 AND subject = $3 AND day = $4 "
			  "ORDER BY vantage COLLATE \"C\"",
			  &params, take_day, &walk, err);
}

static int take_ends(void *arg, const PGresult *row)
{
	int64_t *ends = arg;

	ends[0] = pg_number(row, 0);
	ends[1] = pg_number(row, 1);
	return 0;
}

int pg_hourly_days(void *self, int64_t *ret_first, int64_t *ret_last, struct bw_err *err)
{
	struct pg_store *store = self;
	int64_t ends[2] = {1, 0};
	const int result = pg_db_each(&store->db,
				      "SELECT coalesce(min(day), 1), coalesce(max(day), 0) "
				      "FROM hourly_day",
				      NULL, take_ends, ends, err);

	if (result == 0) {
		*ret_first = ends[0];
		*ret_last = ends[1];
	}
	return result;
}

int pg_hourly_forget_days(void *self, int64_t day, bool *ret_more, struct bw_err *err)
{
	struct pg_store *store = self;

	return pg_db_forget(&store->db,
			    "DELETE FROM hourly_day WHERE ctid = ANY (ARRAY(SELECT ctid "
			    "FROM hourly_day WHERE day < $1 LIMIT $2)) RETURNING 1",
			    day, ret_more, err);
}
